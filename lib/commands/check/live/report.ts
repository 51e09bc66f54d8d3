import { paint } from '../../output/colour'
import type { Session } from '../../session'
import type { Outcome, Probe } from './probe'

export type Tested = Omit<Probe, 'run'> & {
  result: Outcome['result'] | 'not-seen'
  seen: string
  seconds: number
}

/** Stable, as all JSON of the commands; names no account, so that it can be sent on. */
export type ProbeReport = {
  region: string
  startedAt: string
  finishedAt: string
  node: string
  /** Nothing of it is left in the account. */
  removed: boolean
  probes: Tested[]
}

const COLOURS = { 'as-expected': 32, different: 31, 'not-seen': 33, 'not-tested': 33 } as const

export function printReport({ io }: Session, { region, probes }: ProbeReport): void {
  for (const { name, result, expects, seen, known, source, neededFor } of probes) {
    io.out(`${paint(result, COLOURS[result], io.colour)}: ${name}`)
    io.out(`  expected: ${expects}`)
    io.out(`  seen: ${seen}`)
    if (result !== 'as-expected') io.out(`  ${known}: ${source}; needed for ${neededFor}`)
  }
  const count = (result: Tested['result']) => probes.filter((probe) => probe.result === result).length
  io.say(
    `${count('as-expected')} of ${probes.length} as expected in ${region}, ${count('different')} different, ` +
      `${count('not-seen')} not seen, ${count('not-tested')} not tested.`,
  )
}
