import { watchTask } from '../../../lib/core/alerts/watch'
import { AlertWorld, at, POLICY, TASK } from './world'

const SCHEDULE = 'every 1 minute'
/** A look of the watcher at the minute `n`: it looks at the ticks from n - 10 (left out) to n - 5. */
function look(world: AlertWorld, n: number, more: { schedule?: string; policy?: object } = {}): void {
  world.now = Date.parse(at(n))
  const watched = {
    task: TASK,
    timezone: 'UTC',
    schedule: SCHEDULE,
    ...more,
    policy: { ...POLICY, ...more.policy },
  }
  world.run(watchTask(world.context(`look ${n}`), watched, Date.parse(at(n))))
}
const sentences = (world: AlertWorld) => world.sent.map(({ alert }) => alert.sentence)
const succeeded = (world: AlertWorld, ...minutes: number[]) => {
  for (const minute of minutes) world.record({ run: at(minute), status: 'SUCCEEDED', finishedAt: at(minute) })
}

describe('a tick without a run', () => {
  test('is missed, and said once', () => {
    const world = new AlertWorld()
    succeeded(world, 1, 2, 4, 5)
    look(world, 10)
    look(world, 10)
    look(world, 15)
    expect(sentences(world)).toEqual([
      'MISSED: the tick 2026-03-02T10:03:00Z has no run; its schedule is enabled, so look at the queue and its dead letters',
    ])
    expect(world.sent[0]?.alert).toMatchObject({
      kind: 'missed',
      tick: at(3),
      lines: [],
      command: 'sls tasks check --stage dev',
    })
    expect(world.sent[0]?.alert).not.toHaveProperty('run')
  })

  test.each([
    ['disabled', { enabled: false, changedAt: 0, definition: undefined }, 'its schedule is disabled'],
    ['gone', undefined, 'its schedule does not exist'],
  ])('says that its schedule is %s', (_, schedule, because) => {
    const world = new AlertWorld()
    world.schedule = schedule
    look(world, 10)
    expect(sentences(world)).toEqual([
      `MISSED: the tick 2026-03-02T10:01:00Z has no run (and 4 more after it); ${because}`,
    ])
  })

  test('is not missed while every tick of the look has one, whatever became of it', () => {
    const world = new AlertWorld()
    succeeded(world, 1, 2)
    for (const [minute, reason] of [
      [3, 'too-late'],
      [4, 'superseded'],
      [5, 'paused'],
    ] as const)
      world.record({ run: at(minute), status: 'SKIPPED', reason, finishedAt: at(minute) })
    look(world, 10)
    expect(world.sent).toEqual([])
    expect(world.effects).toEqual(['read', 'readRunKeys'])
  })

  test('is not missed where the schedule was made or changed after it', () => {
    const world = new AlertWorld()
    // Ticks up to two minutes after that may not have been sent.
    world.schedule = { enabled: true, changedAt: Date.parse(at(4)), definition: undefined }
    look(world, 10)
    expect(world.sent).toEqual([])
    look(world, 15)
    expect(sentences(world)).toEqual([expect.stringContaining('10:07:00Z')])
  })

  test('is not missed while the task is paused, and is when the pause is over', () => {
    const world = new AlertWorld()
    world.lock({ paused: { reason: 'holiday' } })
    look(world, 10)
    expect(world.sent).toEqual([])
    world.lock({ paused: { until: Date.parse(at(12)) } })
    look(world, 15)
    expect(world.sent).toHaveLength(1)
  })

  test('costs a read of the lock and no more where none was due', () => {
    const world = new AlertWorld()
    look(world, 10, { schedule: 'cron(0 3 * * ? *)' })
    expect(world.effects).toEqual(['read'])
  })

  test('is found by exactly one look, whichever minute it is in', () => {
    for (let minute = 1; minute <= 12; minute++) {
      const looks = [10, 15, 20, 25].filter((n) => {
        const world = new AlertWorld()
        look(world, n, { schedule: `cron(${minute} 10 * * ? *)` })
        return world.sent.length > 0
      })
      expect(looks).toHaveLength(1)
    }
  })
})

describe('a rate, of which Scheduler alone knows the phase', () => {
  const rate = { schedule: 'rate(3 minutes)' }

  test('is missed where a whole period has no run', () => {
    const world = new AlertWorld()
    world.record({ run: '2026-03-02T10:01:27.000Z', status: 'SUCCEEDED', finishedAt: at(2) })
    look(world, 9, rate)
    expect(world.sent).toEqual([])
    look(world, 10, rate)
    expect(sentences(world)).toEqual([
      expect.stringMatching(/^MISSED: the tick 2026-03-02T10:05:00Z has no run/),
    ])
  })

  test('is not missed in its first period', () => {
    const world = new AlertWorld()
    world.schedule = { enabled: true, changedAt: Date.parse(at(3)), definition: undefined }
    look(world, 10, rate)
    expect(world.sent).toEqual([])
  })

  test('of hours is looked at once a period', () => {
    const looked = [60, 65, 70, 75, 125, 130].filter((n) => {
      const world = new AlertWorld()
      look(world, n, { schedule: 'rate(1 hour)' })
      return world.effects.includes('readRunKeys')
    })
    expect(looked).toEqual([65, 125])
  })
})

describe('a run that waits', () => {
  const only = { policy: { on: ['late'] } }
  const queued = (world: AlertWorld, minute: number, more: object = {}) =>
    world.record({ run: at(minute), status: 'QUEUED', blockedBy: at(0), ...more })

  test('is late when startGrace is over', () => {
    const world = new AlertWorld()
    queued(world, 2)
    world.lock({ waiting: new Set([at(2)]) })
    look(world, 7, only)
    expect(world.sent).toEqual([])
    look(world, 8, only)
    look(world, 9, only)
    expect(sentences(world)).toEqual([
      'LATE: due 2026-03-02T10:02:00Z and not started 6 min 00 s later, startGrace is 5 min: waits for 10:00:00Z',
    ])
  })

  test('is late where it was given a slot and nobody told it', () => {
    const world = new AlertWorld()
    queued(world, 2)
    world.lock({ slots: { [at(2)]: Date.parse(at(30)) } })
    look(world, 8, only)
    expect(world.said).toEqual(['late 2'])
  })

  test.each([
    ['by hand', { trigger: 'manual' }],
    ['by backfill', { trigger: 'backfill' }],
    ['no more: it failed', { status: 'FAILED', finishedAt: at(7) }],
    ['no more: it runs', { status: 'RUNNING' }],
  ] as const)('is not late: %s', (_, more) => {
    const world = new AlertWorld()
    queued(world, 2, more)
    world.lock({ waiting: new Set([at(2)]) })
    look(world, 8, only)
    expect(world.sent).toEqual([])
  })

  test('is not late when it failed between the look at it and the word of it', () => {
    const world = new AlertWorld()
    queued(world, 2)
    world.lock({ waiting: new Set([at(2)]) })
    const perform = world.perform.bind(world)
    world.perform = (effect) => {
      const answer = perform(effect)
      if (effect.do === 'read' && effect.table === 'runs' && world.state.v === 0) {
        queued(world, 2, { status: 'FAILED', finishedAt: at(7) })
        world.lock({ alerts: { ...world.state, v: 1 } })
      }
      return answer
    }
    look(world, 8, only)
    expect(world.sent).toEqual([])
  })
})

describe('a run that does not end', () => {
  const only = (more: object = {}) => ({ policy: { on: ['stuck'], ...more } })
  const holding = (world: AlertWorld, until: number, record: object) => {
    world.record({
      run: at(1),
      status: 'RUNNING',
      attempts: [{ attempt: 1, logStream: '', startedAt: at(1) }],
      ...record,
    })
    world.lock({ slots: { [at(1)]: Date.parse(at(until)) } })
  }

  test('is stuck after maxRuntime', () => {
    const world = new AlertWorld()
    holding(world, 60, { until: Date.parse(at(60)) })
    look(world, 31, only({ maxRuntime: 1800 }))
    expect(world.sent).toEqual([])
    look(world, 36, only({ maxRuntime: 1800 }))
    look(world, 41, only({ maxRuntime: 1800 }))
    expect(sentences(world)).toEqual([
      'STUCK: RUNNING since 2026-03-02T10:01:00Z, 35 min 00 s, maxRuntime is 30 min',
    ])
  })

  test.each<[string, object, number, string]>([
    [
      'runs',
      { until: Date.parse(at(20)) },
      36,
      'STUCK: RUNNING although it must have been over at 2026-03-02T10:20:00Z',
    ],
    [
      'should be tried again',
      { status: 'RETRYING', retryAt: Date.parse(at(40)) },
      56,
      'STUCK: RETRYING although',
    ],
    ['has ended', { status: 'FAILED', finishedAt: at(3) }, 36, 'but its slot is still taken'],
  ])(
    'is stuck a quarter of an hour after nothing of it can be alive: it %s',
    (_, record, minute, expected) => {
      const world = new AlertWorld()
      holding(world, 20, record)
      look(world, minute - 2, only())
      expect(world.sent).toEqual([])
      look(world, minute, only())
      expect(sentences(world)).toEqual([expect.stringContaining(expected)])
    },
  )

  test('costs a read of the lock and no more while it may be alive', () => {
    const world = new AlertWorld()
    holding(world, 20, { until: Date.parse(at(20)) })
    look(world, 30, only())
    expect(world.effects).toEqual(['read'])
  })
})

test('nobody is reminded of what is paused', () => {
  const world = new AlertWorld()
  look(world, 10)
  world.lock({ ...world.store.get('locks', { task: TASK }), paused: {} })
  look(world, 100, { schedule: 'cron(0 3 * * ? *)', policy: { remind: 3600 } })
  expect(world.said).toEqual(['missed 1'])
})

test('what was not sent is sent by the next look, and what is not good again is said again', () => {
  const world = new AlertWorld()
  world.down = ['events']
  expect(() => look(world, 10)).toThrow(/not taken/)
  world.down = []
  succeeded(world, 6, 7, 8, 9, 10)
  look(world, 15)
  look(world, 16, { policy: { remind: 3600 } })
  look(world, 71, { schedule: 'cron(0 3 * * ? *)', policy: { remind: 3600 } })
  expect(world.sent.map(({ alert, channels }) => [alert.kind, alert.reminder, channels])).toEqual([
    ['missed', false, []],
    ['missed', false, ['events']],
    ['missed', true, ['events']],
  ])
})
