/** What the page's server says, for the server that says it and the client that shows it. Types only. */
import type { Definition } from '../core/definition'
import type { Level } from '../core/lines'
import type { AttemptEntry, Status, Trigger } from '../core/protocol/record'

/** A run as lists show it. Times ISO 8601. */
export type RunSummary = {
  task: string
  run: string
  status: Status
  reason?: string
  /** What decided it, without the status; empty where there is nothing to say. */
  why: string
  /** The run that `why` names: what it waits or made way for. */
  blockedBy?: string
  trigger: Trigger
  triggeredBy?: string
  scheduledAt: string
  queuedAt?: string
  startedAt?: string
  finishedAt?: string
  attempt?: number
  rerunOf?: string
  cancel?: string
}

/** A run of which only this is to be drawn: its key in epoch ms, and its status's place in STATUSES. */
export type Mark = [run: number, status: number]

/** `until` ISO 8601. */
export type Paused = { reason?: string; until?: string }

export type TaskRow = {
  task: string
  description?: string
  tags: string[]
  owner?: string
  schedule: string
  timezone: string
  enabled: boolean
  overlap: Definition['overlap']
  concurrency: number
  paused: Paused | null
  /** The newest run that was not skipped, else the newest. */
  last: RunSummary | null
  /** The newest runs, the newest first. */
  recent: Mark[]
  /** How many of these were skipped because another ran, or gave way to a newer one. */
  overlapped: number
  /** Coming tick, epoch ms; null where none comes. */
  next: number | null
  /** The first tick that should have a run by now and has none, epoch ms: what alerts call missed too. */
  missed?: number
  /** Runs that hold a slot, and how many wait for one. */
  running: string[]
  waiting: number
}

export type Service = {
  /** `SERVICE-STAGE` */
  name: string
  region: string | null
  /** Served by the local engine. */
  local: boolean
  /** What commands begin with, and what must stand behind them, with a blank before it. */
  program: string
  again: string
  /** Milliseconds between two looks while something runs, and while nothing does. */
  poll: { running: number; idle: number }
}

export type TaskList = { service: Service; now: number; tasks: TaskRow[] }

export type ComingTick = { at: number; local: string; notes: string[] }

export type TaskDetail = {
  now: number
  row: TaskRow
  definition: Definition
  payload?: Record<string, unknown>
  changedAt?: string
  coming: ComingTick[]
  /** Who holds a slot, and until when it cannot be taken away (epoch ms). */
  holders: { run: string; until: number }[]
  waiting: string[]
  runs: RunSummary[]
  /** Whether there are older ones. */
  more: boolean
  /** Of the last runs that ended by themselves, in ms; null where there are none. */
  duration: { p50: number; p95: number; count: number } | null
  /** Milliseconds between the next two ticks. */
  interval: number | null
}

export type RunPage = { runs: RunSummary[]; more: boolean }

export type RunDetail = {
  now: number
  run: RunSummary
  /** Status and what decided it. */
  sentence: string
  verdict?: { rule: string; line: number; text: string }
  attempts: AttemptEntry[]
  payload?: Record<string, unknown>
  function: string
  qualifier: string
  logGroup: string
  requestId?: string
  expiresAt?: string
  retryAt?: number
  /** Of the task as it was when the run was made. */
  definition?: Definition
  /** Whether the task is still deployed. */
  deployed: boolean
  older: string | null
  newer: string | null
}

/** What Lambda wrote of an invocation. Milliseconds and MB; numbers are left out where it has not reported yet. */
export type LambdaReport = {
  logGroup: string
  lines: string[]
  duration?: number
  billed?: number
  memorySize?: number
  maxMemoryUsed?: number
  /** Of a cold start. */
  initDuration?: number
}

/** A run's place in time, epoch ms: its key, start (or skipping) and end; null while it goes on. */
export type Bar = [run: number, status: number, start: number, end: number | null]

export type TimelineRow = {
  task: string
  bars: Bar[]
  /** Ticks without a run that should have one, and ticks yet to come (epoch ms). */
  missed: number[]
  coming: number[]
  /** Where there were too many runs to show all: older ones than this are left out (epoch ms). */
  since?: number
}
export type Timeline = { now: number; from: number; to: number; rows: TimelineRow[] }

/** A line of a log, as NDJSON; `l` counts from 1, `t` is epoch ms. */
export type LogLine = { l: number; t: number; v?: Level; x: string }
/** The last line of an answer: where to go on, and what the wrapper's records said. */
export type LogEnd = {
  next: { token: string | null; line: number }
  /** Nothing will come after it. */
  ended: boolean
  /** There is more to be read right now. */
  more: boolean
  /** No such stream: not yet, or no longer kept. */
  missing: boolean
  verdict?: { rule: string; line: number; text: string }
}

export type ActionName = 'run' | 'rerun' | 'cancel' | 'pause' | 'resume' | 'backfill'
export type ActionRequest = {
  run: { tasks: string[]; payload?: Record<string, unknown> | undefined }
  rerun: { task: string; run: string }
  cancel: { task: string; run: string }
  pause: {
    tasks: string[]
    reason?: string | undefined
    until?: string | undefined
    timezone?: string | undefined
  }
  resume: { tasks: string[] }
  backfill: {
    task: string
    from: string
    to: string
    timezone?: string | undefined
    rerun?: boolean | undefined
    dryRun?: boolean | undefined
  }
}
/** What was done, as a sentence; `run` is the key of the one that was asked for. */
export type ActionAnswer = {
  said: string
  run?: string
  ticks?: { count: number; first: string | null; last: string | null }
}
export type Failure = { error: { code: string; message: string } }
