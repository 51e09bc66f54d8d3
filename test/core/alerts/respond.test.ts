import fc from 'fast-check'
import { slackOf, subjectOf, textOf } from '../../../lib/core/alerts/message'
import { onEnded, Undelivered } from '../../../lib/core/alerts/respond'
import { isBad, stateOf } from '../../../lib/core/alerts/state'
import { AlertWorld, at, POLICY, START, TASK } from './world'

const ended = (world: AlertWorld, minute: number, by = `m${minute}`) =>
  onEnded(world.context(by), { task: TASK, run: at(minute) })
const verdict = { rule: 'ERROR', line: 2, text: 'ERROR no disk' }

describe('an alert', () => {
  test('tells of task, tick, verdict, failing lines and the command that shows more', () => {
    const world = new AlertWorld()
    world.record({
      run: at(1),
      status: 'FAILED',
      finishedAt: at(2),
      error: 'line 2 matched failOn ERROR: ERROR no disk',
      verdict,
      logStream: 'load/1',
    })
    world.log = [
      '{"slipstream":"start"}',
      'INFO fine',
      'ERROR no disk',
      'ERROR <!channel> ```',
      'INFO bye',
    ].map((message) => ({ timestamp: START, message }))
    world.run(ended(world, 1))
    const [{ alert } = { alert: undefined }] = world.sent
    if (!alert) throw new Error('nothing was sent')
    expect(alert).toMatchObject({
      kind: 'failed',
      task: TASK,
      tick: at(1),
      run: { run: at(1), status: 'FAILED' },
    })
    expect(alert.run).not.toHaveProperty('definition')
    expect(textOf(alert)).toBe(
      [
        'failed: load (shop-dev)',
        `tick ${at(1)}`,
        'FAILED: line 2 matched failOn ERROR: ERROR no disk',
        '  ERROR no disk',
        '  ERROR <!channel> ```',
        `more: sls tasks logs --task load --run ${at(1)} --stage dev`,
      ].join('\n'),
    )
    expect(subjectOf(alert)).toBe('failed: load (shop-dev)')
    expect(slackOf(alert).text).toContain("```ERROR no disk\nERROR &lt;!channel&gt; '''```")
  })

  test('shows the last lines of a run that no line failed', () => {
    const world = new AlertWorld()
    world.record({
      run: at(1),
      status: 'TIMED_OUT',
      finishedAt: at(2),
      error: 'Too slow.',
      logStream: 'load/1',
    })
    world.log = Array.from({ length: 9 }, (_, n) => ({ timestamp: START, message: `line ${n}` }))
    world.run(ended(world, 1))
    expect(world.sent[0]?.alert).toMatchObject({
      sentence: 'TIMED_OUT: Too slow.',
      lines: ['line 4', 'line 5', 'line 6', 'line 7', 'line 8'],
    })
  })
})

describe('the end of a run', () => {
  test.each(['SKIPPED', 'CANCELLED', 'RUNNING'] as const)('%s is nothing to tell', (status) => {
    const world = new AlertWorld()
    world.record({ run: at(1), status, ...(status === 'RUNNING' ? {} : { finishedAt: at(2) }) })
    world.run(ended(world, 1))
    expect(world.sent).toEqual([])
    expect(world.effects).not.toContain('write')
  })

  test('of a task that asks for no alerts is told to nobody', () => {
    const world = new AlertWorld()
    world.record({ run: at(1), status: 'FAILED', finishedAt: at(2) }, undefined)
    world.store.apply({
      table: 'runs',
      key: { task: TASK, run: at(1) },
      set: [[['definition'], {}]],
      when: { op: 'present', path: ['task'] },
    })
    world.run(ended(world, 1))
    expect(world.effects.filter((effect) => effect !== 'read')).toEqual([])
  })

  test('is told although an old failure was never said to be over', () => {
    const world = new AlertWorld()
    const fails = (n: number) => world.record({ run: at(n), status: 'FAILED', finishedAt: at(n) })
    fails(1)
    world.run(ended(world, 1))
    // While alerts were off.
    world.record({ run: at(2), status: 'SUCCEEDED', finishedAt: at(2) })
    world.record({ run: at(3), status: 'SKIPPED', finishedAt: at(3) })
    for (const n of [4, 5]) {
      fails(n)
      world.run(ended(world, n))
    }
    expect(world.said).toEqual(['failed 1', 'failed 4'])
  })

  test('is forgotten in silence where the task wants to hear of nothing any more', () => {
    const world = new AlertWorld()
    world.record({ run: at(1), status: 'FAILED', finishedAt: at(1) })
    world.run(ended(world, 1))
    world.record({ run: at(2), status: 'SUCCEEDED', finishedAt: at(2) }, { ...POLICY, on: [] })
    world.run(ended(world, 2))
    expect(world.said).toEqual(['failed 1'])
    expect(isBad(world.state)).toBe(false)
  })

  test('that has no definition is judged by what the schedule has', () => {
    const world = new AlertWorld()
    const { task, run } = world.record({
      run: at(1),
      status: 'FAILED',
      finishedAt: at(2),
      error: 'Never began.',
    })
    world.store.apply({
      table: 'runs',
      key: { task, run },
      remove: [['definition']],
      when: { op: 'present', path: ['task'] },
    })
    world.run(ended(world, 1))
    expect(world.said).toEqual(['failed 1'])
    world.schedule = undefined
    world.run(ended(world, 1))
    expect(world.said).toEqual(['failed 1'])
  })

  test('of a task whose lock is gone makes a free one', () => {
    const world = new AlertWorld()
    world.record({ run: at(1), status: 'FAILED', finishedAt: at(2) })
    world.run(ended(world, 1))
    expect(world.store.get('locks', { task: TASK })).toMatchObject({ slots: {} })
  })

  test('leaves the rest of the lock as it is', () => {
    const world = new AlertWorld()
    world.lock({ v: 7, slots: { [at(3)]: START }, waiting: new Set([at(4)]) })
    world.record({ run: at(1), status: 'FAILED', finishedAt: at(2) })
    world.run(ended(world, 1))
    expect(world.store.get('locks', { task: TASK })).toMatchObject({
      v: 7,
      slots: { [at(3)]: START },
      waiting: new Set([at(4)]),
    })
  })

  test('is told again to the channel that did not take it, and to no other', () => {
    const world = new AlertWorld()
    const policy = { ...POLICY, topic: '0123abcd', webhook: '4567cdef' }
    world.record({ run: at(1), status: 'FAILED', finishedAt: at(2) }, policy)
    world.down = ['webhook:4567cdef']
    expect(() => world.run(ended(world, 1))).toThrow(Undelivered)
    expect(() => world.run(ended(world, 1))).toThrow(/load: not taken by webhook:4567cdef/)
    world.down = []
    world.run(ended(world, 1))
    world.run(ended(world, 1))
    expect(world.sent.map(({ channels }) => channels)).toEqual([
      ['topic:0123abcd', 'events'],
      [],
      ['webhook:4567cdef'],
    ])
    expect(world.state.owed).toEqual({})
  })

  test('is given up with a word in the log where nobody takes alerts for long', () => {
    const world = new AlertWorld()
    world.down = ['events']
    for (let n = 0; n < 50; n++) {
      world.now = Date.parse(at(n))
      world.record({ run: at(n), status: n % 2 === 0 ? 'FAILED' : 'SUCCEEDED', finishedAt: at(n) })
      expect(() => world.run(ended(world, n))).toThrow(Undelivered)
    }
    expect(Object.keys(world.state.owed)).toHaveLength(20)
    expect(world.warned).toHaveLength(30)
  })
})

/**
 * Runs end one after the other; each end is told at least once, in any order and at the same time, by senders that die at
 * any step and come again.
 */
test('every alert is sent, and twice only where a sender died, in whatever order ends are told', () => {
  const scenario = fc.record({
    outcomes: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
    extra: fc.array(fc.nat(4), { maxLength: 4 }),
    moves: fc.array(
      fc.record({
        sender: fc.nat(8),
        // Nobody lives as long as a lease: who is under way when time passes dies.
        what: fc.oneof(
          { weight: 30, arbitrary: fc.constant('step' as const) },
          { weight: 1, arbitrary: fc.constantFrom('die' as const, 'wait' as const) },
        ),
      }),
      { minLength: 20, maxLength: 80, size: 'max' },
    ),
    after: fc.integer({ min: 1, max: 2 }),
  })
  fc.assert(
    fc.property(scenario, ({ outcomes, extra, moves, after }) => {
      const world = new AlertWorld()
      const policy = { ...POLICY, after }
      outcomes.forEach((good, n) => {
        world.record({ run: at(n), status: good ? 'SUCCEEDED' : 'FAILED', finishedAt: at(n) }, policy)
      })
      const decided = new Set<string>()
      const perform = world.perform.bind(world)
      world.perform = (effect) => {
        const answer = perform(effect)
        for (const key of Object.keys(world.state.owed)) decided.add(key)
        return answer
      }
      const told = [...outcomes.keys(), ...extra.filter((n) => n < outcomes.length)]
      let deaths = 0
      const senders = told.map((n, index) => {
        const begin = () => ({
          step: ended(world, n, `s${index}`),
          answer: undefined as unknown,
          steps: 0,
          over: false,
        })
        let life = begin()
        return {
          move(dies: boolean) {
            if (life.over) return
            if (dies) {
              if (life.steps > 0) deaths++
              life = begin()
              return
            }
            life.steps++
            const next = life.step.next(life.answer)
            if (next.done) life.over = true
            else life.answer = world.perform(next.value)
          },
          get over() {
            return life.over
          },
        }
      })
      world.now = Date.parse(at(10))
      for (const { sender, what } of moves) {
        if (what === 'wait') {
          for (const one of senders) one.move(true)
          world.now += 60_000
        } else senders[sender % senders.length]?.move(what === 'die')
      }
      for (const sender of senders) while (!sender.over) sender.move(false)
      // Lambda brings those that died again after a minute.
      world.now += 60_000
      told.forEach((n, index) => {
        world.run(ended(world, n, `s${index}`))
      })

      expect(world.state.owed).toEqual({})
      const counts = new Map<string, number>()
      for (const { alert } of world.sent) {
        const key = `${alert.kind} ${alert.run?.['run']}`
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
      expect([...counts.keys()].sort()).toEqual([...decided].sort())
      for (const count of counts.values()) expect(count).toBeLessThanOrEqual(1 + deaths)

      // A run that began after all of it and ends well ends all trouble, and says so once where trouble was said.
      const open = Object.keys(world.state.open).length > 0
      const before = world.sent.length
      world.now += 60_000
      const last = world.now
      world.record(
        { run: new Date(last).toISOString(), status: 'SUCCEEDED', finishedAt: new Date(last).toISOString() },
        policy,
      )
      const recovery = () => onEnded(world.context('last'), { task: TASK, run: new Date(last).toISOString() })
      world.run(recovery())
      world.run(recovery())
      expect(world.sent.slice(before).map(({ alert }) => alert.kind)).toEqual(open ? ['recovered'] : [])
      expect(stateOf(world.store.get('locks', { task: TASK })).failures).toEqual([])
    }),
    { numRuns: 500 },
  )
})
