import { formatRecord } from '../../lib/core/log-record'
import { namesOf, streamName } from '../../lib/core/names'
import type { RunRecord } from '../../lib/core/protocol/record'
import { definitionOf } from '../support/world'
import type { Facts } from './support/facts'
import { observe } from './support/observe'

const NOON = Date.parse('2026-03-02T12:00:00.000Z')
const at = (seconds: number) => new Date(NOON + seconds * 1000).toISOString()

/** A run of `task` whose body lived for these seconds after noon, well recorded. */
function lived(task: string, [from, to]: [number, number], changes: Partial<RunRecord> = {}) {
  const run = at(from)
  const logStream = streamName({ task, run, attempt: 1 }, { qualifier: '$LATEST', random: 'abc' })
  const entry = { attempt: 1, logStream, startedAt: at(from), finishedAt: at(to), outcome: 'SUCCEEDED' }
  const record: RunRecord = {
    task,
    run,
    status: 'SUCCEEDED',
    trigger: 'schedule',
    scheduledAt: run,
    attempt: 1,
    attempts: [entry],
    function: 'target',
    qualifier: '$LATEST',
    logGroup: namesOf('faults-dev').logGroup,
    logStream,
    keepFor: 1,
    definition: definitionOf(),
    ...changes,
  }
  const start = formatRecord({ slipstream: 'start', requestId: run, at: at(from) })
  const end = formatRecord({ slipstream: 'end', requestId: run, at: at(to), outcome: 'returned', errors: 0 })
  const alive = (seconds: number) => `INFO\talive ${NOON + seconds * 1000}.25`
  const messages = [start, alive(from), alive(to), end]
  return { record, logStream, entry, events: messages.map((message) => ({ timestamp: NOON, message })) }
}

function factsOf(...lives: ReturnType<typeof lived>[]): Facts {
  return {
    runs: lives.map(({ record }) => record),
    locks: [{ task: 'short', slots: {} }],
    streams: new Map(lives.map(({ logStream, events }) => [logStream, events])),
    over: new Map(),
  }
}

const kindsOf = (facts: Facts, owed = {}) => observe(facts, owed).map(({ kind }) => kind)

describe('the observer of the fault tests', () => {
  it('finds nothing where all is well', () => {
    const facts = factsOf(
      lived('short', [0, 9]),
      lived('short', [9, 20]),
      lived('pair', [0, 9]),
      lived('pair', [1, 9]),
    )
    expect(observe(facts, { short: [at(0), at(9)] })).toEqual([])
  })

  it('misses a tick that has no record', () => {
    expect(kindsOf(factsOf(lived('short', [0, 9])), { short: [at(0), at(30)] })).toEqual(['lost tick'])
  })

  it('sees a run that did not end, a slot that is held and a run that waits', () => {
    const facts = factsOf(lived('short', [0, 9], { status: 'RUNNING' }))
    facts.locks = [{ task: 'short', slots: { [at(0)]: NOON }, waiting: new Set([at(30)]) }]
    expect(kindsOf(facts)).toEqual(['stuck run', 'stuck run', 'stuck run'])
  })

  it('sees two bodies at once, by the clock of the bodies and by that of the engine', () => {
    expect(kindsOf(factsOf(lived('short', [0, 9]), lived('short', [8, 20])))).toEqual(['overlap', 'overlap'])
    expect(
      kindsOf(factsOf(lived('pair', [0, 9]), lived('pair', [1, 9]), lived('pair', [2, 3]))),
    ).toHaveLength(2)
  })

  it('takes a body without an end record for alive until Lambda says that it is over', () => {
    const killed = lived('short', [0, 5], { status: 'FAILED', reason: 'exited' })
    killed.events.pop()
    killed.entry.outcome = 'exited'
    const facts = factsOf(killed, lived('short', [8, 20]))
    facts.over.set(killed.record.run, NOON + 7000)
    expect(kindsOf(facts)).toEqual([])
    facts.over.set(killed.record.run, NOON + 9000)
    expect(kindsOf(facts)).toEqual(['overlap'])
  })

  it('sees a stream with two starts, and one that no attempt knows', () => {
    const life = lived('short', [0, 9])
    const facts = factsOf({ ...life, events: [...life.events.slice(0, 1), ...life.events] })
    facts.streams.set('short/2026/03/02/[$LATEST]120000000-1-zzz', [])
    expect(kindsOf(facts)).toEqual(['double start', 'double start'])
  })

  it.each<[string, (life: ReturnType<typeof lived>) => void]>([
    ['a success without an end record', ({ events }) => void events.pop()],
    ['a success that the log does not tell', ({ entry }) => void Object.assign(entry, { outcome: 'error' })],
    [
      'a failed run whose attempt succeeded',
      ({ record }) => void Object.assign(record, { status: 'FAILED' }),
    ],
    [
      'a tick skipped against its policy',
      ({ record }) => void Object.assign(record, { status: 'SKIPPED', reason: 'overlap', attempts: [] }),
    ],
  ])('sees %s', (_, spoil) => {
    const life = lived('short', [0, 9])
    spoil(life)
    expect(kindsOf(factsOf(life))).toContain('false verdict')
  })
})
