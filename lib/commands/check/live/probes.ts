import type { Probe } from './probe'
import { chains } from './probes/chains'
import { logs } from './probes/logs'
import { reports } from './probes/reports'
import { ticks } from './probes/ticks'

/** All of them run at the same time, in one stack. */
export const PROBES: readonly Probe[] = [...ticks, ...reports, ...logs, ...chains]
