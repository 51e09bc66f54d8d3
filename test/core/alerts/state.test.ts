import type { AlertPolicy } from '../../../lib/core/alerts/policy'
import {
  type AlertState,
  afterEnd,
  afterFinding,
  afterSending,
  afterWait,
  isBad,
  stateOf,
  takeOver,
} from '../../../lib/core/alerts/state'

const POLICY: AlertPolicy = {
  on: ['failed', 'late', 'missed', 'stuck', 'recovered'],
  after: 1,
  startGrace: 300,
  topic: '0123abcd',
  events: true,
}
const START = Date.parse('2026-03-02T10:00:00Z')
const minute = (n: number) => new Date(START + n * 60_000).toISOString()
const who = (n: number) => ({ by: 'me', now: START + n * 60_000, until: START + n * 60_000 + 45_000 })

/** `F3`: a run that failed at 10:03. `S4`: one that succeeded. `M5`: 10:05's tick is found missing ten minutes later. */
function after(story: string, policy: Partial<AlertPolicy> = {}): { said: string[]; state: AlertState } {
  const merged = { ...POLICY, ...policy }
  let state = stateOf(undefined)
  const said: string[] = []
  for (const [, what, digits] of story.matchAll(/([A-Z])(\d+)/g)) {
    const n = Number(digits)
    const before = state
    if (what === 'F' || what === 'S')
      state = afterEnd(
        state,
        { run: minute(n), succeeded: what === 'S', finishedAt: minute(n) },
        merged,
        who(n),
      )
    else if (what === 'R') state = afterWait(state, merged, who(n))
    else {
      const trouble = what === 'M' ? 'missed' : what === 'L' ? 'late' : 'stuck'
      state = afterFinding(
        state,
        { trouble, tick: minute(n), hasRun: what !== 'M', text: '' },
        merged,
        who(n + 10),
      )
    }
    for (const [key, owed] of Object.entries(state.owed))
      if (before.owed[key] !== owed)
        said.push(`${owed.reminder ? 'still ' : ''}${owed.kind} ${(Date.parse(owed.tick) - START) / 60_000}`)
    for (const key of Object.keys(state.owed)) state = afterSending(state, key, [])
  }
  return { said, state }
}

describe('what is said of', () => {
  test.each<[string, string, Partial<AlertPolicy>, string[]]>([
    ['a failure', 'F1', {}, ['failed 1']],
    ['success', 'S1 S2', {}, []],
    ['further failures', 'F1 F2 F3', {}, ['failed 1']],
    ['the same failure, told again', 'F1 F1', {}, ['failed 1']],
    ['an end after a failure', 'F1 S2 S3', {}, ['failed 1', 'recovered 2']],
    ['a new failure after that', 'F1 S2 F3 S4', {}, ['failed 1', 'recovered 2', 'failed 3', 'recovered 4']],
    ['an old failure, told again after the recovery', 'F1 S2 F1', {}, ['failed 1', 'recovered 2']],
    ['an old success, told after the failure', 'F2 S1', {}, ['failed 2']],
    ['failures in a row', 'F1 F2 F3 F4', { after: 3 }, ['failed 3']],
    ['fewer in a row', 'F1 F2 S3 F4 F5 S6', { after: 3 }, []],
    ['failures in a row, told twice', 'F1 F1 F2 F1 F2', { after: 3 }, []],
    ['failures that nobody asked for', 'F1 S2', { on: ['missed', 'recovered'] }, []],
    ['a recovery that nobody asked for', 'F1 S2 F3', { on: ['failed'] }, ['failed 1', 'failed 3']],
    ['a missed tick', 'M1', {}, ['missed 1']],
    ['further missed ticks', 'M1 M2 M3', {}, ['missed 1']],
    ['a missed tick that is found again after the recovery', 'M1 S20 M1', {}, ['missed 1', 'recovered 20']],
    ['another missed tick after that', 'M1 S20 M21', {}, ['missed 1', 'recovered 20', 'missed 21']],
    ['a success before the tick was found missing', 'M1 S5', {}, ['missed 1']],
    ['several troubles at once', 'L1 F12 S30', {}, ['late 1', 'failed 12', 'recovered 30']],
    ['a stuck run that ends well', 'K1 S20', {}, ['stuck 1', 'recovered 20']],
    [
      'failures when somebody wants to be reminded',
      'F1 F30 F61 F90',
      { remind: 3600 },
      ['failed 1', 'still failed 61'],
    ],
    [
      'silence when somebody wants to be reminded',
      'M1 R30 R71 R80',
      { remind: 3600 },
      ['missed 1', 'still missed 1'],
    ],
    ['silence when nobody does', 'F1 R9999', {}, ['failed 1']],
  ])('%s: %s', (_, story, policy, expected) => {
    expect(after(story, policy).said).toEqual(expected)
  })
})

test('a recovery says what is over, and since when', () => {
  let state = after('L1 F12').state
  state = afterEnd(state, { run: minute(30), succeeded: true, finishedAt: minute(30) }, POLICY, who(30))
  expect(Object.values(state.owed)).toEqual([
    {
      kind: 'recovered',
      tick: minute(30),
      hasRun: true,
      over: ['late', 'failed'],
      since: minute(1),
      channels: ['topic:0123abcd', 'events'],
      by: 'me',
      until: who(30).until,
    },
  ])
})

test('a success changes nothing where nothing is wrong, so that nothing is written', () => {
  const { state } = after('F1 S2')
  expect(isBad(state)).toBe(false)
  const end = { run: minute(3), succeeded: true, finishedAt: minute(3) }
  expect(afterEnd(state, end, POLICY, who(3))).toBe(state)
})

test('failures that are fewer than asked for are undone by a success', () => {
  const { state } = after('F1', { after: 3 })
  expect(isBad(state)).toBe(true)
  expect(isBad(after('F1 S2', { after: 3 }).state)).toBe(false)
})

describe('what is owed', () => {
  const owing = afterEnd(
    stateOf(undefined),
    { run: minute(1), succeeded: false, finishedAt: minute(1) },
    POLICY,
    who(1),
  )
  const key = `failed ${minute(1)}`

  test('is its own sender to send until its time is over, and then anybody to take over', () => {
    const other = { by: 'other', now: who(1).until - 1, until: who(1).until + 45_000 }
    expect(takeOver(owing, other)).toBe(owing)
    const later = { ...other, now: who(1).until }
    expect(takeOver(owing, later).owed[key]).toMatchObject({ by: 'other', until: other.until })
  })

  test('is gone when it was sent everywhere, and stays for the channels that did not take it', () => {
    expect(afterSending(owing, key, []).owed).toEqual({})
    expect(afterSending(owing, key, ['events']).owed[key]).toMatchObject({ channels: ['events'], until: 0 })
    expect(afterSending(owing, 'failed never', [])).toBe(owing)
  })
})
