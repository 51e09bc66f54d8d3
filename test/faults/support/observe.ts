import { type EndRecord, parseRecord, type StartRecord } from '../../../lib/core/log-record'
import { type AttemptEntry, isEnded, type RunRecord } from '../../../lib/core/protocol/record'
import type { Event, Facts } from './facts'
import { type Does, type FaultTask, TASKS } from './tasks'

export const KINDS = ['lost tick', 'stuck run', 'overlap', 'double start', 'false verdict'] as const
export type Violation = { kind: (typeof KINDS)[number]; about: string }

/** Everything that contradicts what is promised. `owed`: by task, the keys of the runs that there must be. */
export function observe(facts: Facts, owed: Record<string, string[]>): Violation[] {
  return [
    ...lostTicks(facts, owed),
    ...stuckRuns(facts),
    ...doubleStarts(facts),
    ...Object.entries(TASKS).flatMap(([task, { concurrency }]) => overlaps(facts, task, concurrency)),
    ...facts.runs.flatMap((run) => falseVerdicts(facts, run)),
  ]
}

function lostTicks({ runs }: Facts, owed: Record<string, string[]>): Violation[] {
  const there = new Set(runs.map(nameOf))
  return Object.entries(owed)
    .flatMap(([task, keys]) => keys.map((run) => nameOf({ task, run })))
    .filter((name) => !there.has(name))
    .map((about) => ({ kind: 'lost tick', about }))
}

function stuckRuns({ runs, locks }: Facts): Violation[] {
  const unfinished = runs
    .filter((run) => !isEnded(run))
    .map((run) => `${nameOf(run)} is ${run.status} at attempt ${run.attempt}`)
  const held = locks.flatMap(({ task, slots = {}, waiting = new Set() }) => [
    ...Object.keys(slots).map((run) => `${nameOf({ task, run })} holds a slot`),
    ...[...waiting].map((run) => `${nameOf({ task, run })} waits`),
  ])
  return [...unfinished, ...held].map((about) => ({ kind: 'stuck run', about }))
}

function doubleStarts({ runs, streams }: Facts): Violation[] {
  const known = new Set(runs.flatMap(({ attempts = [] }) => attempts.map(({ logStream }) => logStream)))
  const twice = [...streams]
    .map(([name, events]) => ({ name, starts: events.flatMap((event) => startOf(event)?.requestId ?? []) }))
    .filter(({ starts }) => starts.length > 1)
  const strange = [...streams.keys()].filter((name) => !known.has(name))
  return [
    ...twice.map(({ name, starts }) => `${name} has two starts, by ${starts.join(' and ')}`),
    ...strange.map((name) => `${name} is of no attempt`),
  ].map((about) => ({ kind: 'double start', about }))
}

type Life = { stream: string; from: number; to: number }

/**
 * By two clocks. By the bodies' own real one, which a killed body stops telling before it ends; and by the engine's, which
 * knows when its process was gone, but stands still from move to move.
 */
function overlaps(facts: Facts, task: string, concurrency: number): Violation[] {
  const attempts = facts.runs
    .filter((run) => run.task === task)
    .flatMap(({ attempts = [] }) => attempts.map(({ logStream }) => logStream))
  const lives = (lifeOf: (events: Event[]) => Omit<Life, 'stream'> | undefined) =>
    attempts.flatMap((stream) => {
      const life = lifeOf(facts.streams.get(stream) ?? [])
      return life ? [{ stream, ...life }] : []
    })
  return [
    ...crowds(lives(realLife), concurrency),
    ...crowds(
      lives((events) => movedLife(events, facts)),
      concurrency,
    ),
  ]
}

/** Every life that begins while `most` others last. */
function crowds(lives: Life[], most: number): Violation[] {
  return lives.flatMap((life) => {
    const beside = lives.filter((other) => other !== life && other.from <= life.from && life.from < other.to)
    if (beside.length < most) return []
    return [
      {
        kind: 'overlap',
        about: `${life.stream} began during ${beside.map(({ stream }) => stream).join(', ')}`,
      },
    ]
  })
}

function realLife(events: Event[]): Omit<Life, 'stream'> | undefined {
  const seen = events.flatMap(({ message }) => {
    const [, time] = /alive (\d+(?:\.\d+)?)$/.exec(message) ?? []
    return time === undefined ? [] : [Number(time)]
  })
  return seen.length === 0 ? undefined : { from: Math.min(...seen), to: Math.max(...seen) }
}

function movedLife(events: Event[], { over }: Facts): Omit<Life, 'stream'> | undefined {
  const start = events.map(startOf).find((record) => record !== undefined)
  if (!start) return undefined
  const end = endOf(events)
  const last = Math.max(...events.map(({ timestamp }) => timestamp))
  return { from: Date.parse(start.at), to: end ? Date.parse(end.at) : (over.get(start.requestId) ?? last) }
}

/** What the record says of each attempt, against its stream, and what that says, against what the body is known to do. */
function falseVerdicts({ streams }: Facts, run: RunRecord): Violation[] {
  const task = TASKS[run.task]
  if (!task || !isEnded(run)) return []
  const { attempts = [] } = run
  const wrong = [
    ...attempts.flatMap((entry) => wrongOutcome(entry, streams.get(entry.logStream), task)),
    ...wrongEnd(run, attempts, task),
  ]
  return wrong.map((what) => ({ kind: 'false verdict', about: `${nameOf(run)}: ${what}` }))
}

function wrongOutcome(entry: AttemptEntry, events: Event[] | undefined, task: FaultTask): string[] {
  const { attempt, outcome } = entry
  const end = events && endOf(events)
  if (end) {
    const told = outcomeOf(end)
    const known = knownOutcome(task.does, attempt)
    if (told !== known) return [`attempt ${attempt} ends as ${told}, its body as ${known}`]
    return outcome === told ? [] : [`attempt ${attempt} is ${outcome}, its log says ${told}`]
  }
  if (outcome === 'SUCCEEDED' || outcome === undefined) {
    return [`attempt ${attempt} is ${outcome}, and its log has no end`]
  }
  if ((outcome === 'not-started' || outcome === 'no-log') && events?.some((event) => startOf(event))) {
    return [`attempt ${attempt} is ${outcome}, and its body began`]
  }
  return []
}

function wrongEnd(
  run: RunRecord,
  attempts: AttemptEntry[],
  { attempts: most, overlap }: FaultTask,
): string[] {
  const { status, reason } = run
  const last = attempts.at(-1)
  if (status === 'SKIPPED') {
    const why = { latest: 'superseded', skip: 'overlap', queue: undefined }[overlap]
    return reason === why && attempts.length === 0
      ? []
      : [`SKIPPED ${reason} with ${attempts.length} attempts`]
  }
  if (last === undefined) {
    return status === 'FAILED' && reason === 'not-started' ? [] : [`${status} without an attempt`]
  }
  if (attempts.some(({ outcome }, index) => outcome === 'SUCCEEDED' && index < attempts.length - 1)) {
    return ['an attempt after one that succeeded']
  }
  if (status === 'SUCCEEDED') return last.outcome === 'SUCCEEDED' ? [] : [`SUCCEEDED by ${last.outcome}`]
  if (attempts.length !== most) return [`${status} after ${attempts.length} of ${most} attempts`]
  const expected = reason === 'timed-out' ? 'TIMED_OUT' : 'FAILED'
  return status === expected && reason === last.outcome ? [] : [`${status} ${reason} by ${last.outcome}`]
}

function outcomeOf({ outcome, errors }: EndRecord): string {
  if (outcome === 'threw' || outcome === 'crashed') return 'error'
  if (outcome === 'timed-out') return 'timed-out'
  return errors > 0 ? 'log-rule' : 'SUCCEEDED'
}

function knownOutcome(does: Does, attempt: number): string {
  if (does === 'errors') return 'log-rule'
  if (does === 'hangs') return 'timed-out'
  return does === 'throws first' && attempt === 1 ? 'error' : 'SUCCEEDED'
}

function startOf({ message }: Event): StartRecord | undefined {
  const record = parseRecord(message)
  return record?.slipstream === 'start' ? record : undefined
}

function endOf(events: Event[]): EndRecord | undefined {
  return events.map(({ message }) => parseRecord(message)).find((record) => record?.slipstream === 'end')
}

const nameOf = ({ task, run }: { task: string; run: string }) => `${task} ${run}`
