import type { Options } from '../../lib/commands/options'
import { COMMANDS } from '../../lib/commands/table'
import type { RunRecord } from '../../lib/core/protocol/record'
import { FakeIo } from './support/io'
import type { HandMade } from './support/service'
import { sessionAt } from './support/session'
import { at, startShop, verdict } from './support/shop'

jest.setTimeout(30_000)

let shop: HandMade
beforeAll(async () => {
  shop = await startShop()
})
afterAll(() => shop?.close())

describe('tasks list', () => {
  it('shows trouble first, then what runs, then the rest by name', async () => {
    expect((await shop.command('list')).out).toEqual([
      'TASK    STATUS  LAST        NEXT            SCHEDULE',
      'load    FAILED  29 min ago  in 1 min        every 90 seconds',
      'sync    QUEUED  1 s ago     in 15 min       every 15 minutes',
      'quiet   -       never ran   disabled        cron(0 3 * * ? *)',
      'report  -       never ran   paused for 5 d  cron(30 2 * * ? *) Europe/Berlin',
    ])
  })

  it.each([
    [{ status: 'failed,timed-out' }, ['load']],
    [{ tag: 'team-a' }, ['load', 'report']],
    [{ paused: true }, ['report']],
    [{ status: 'CANCELED' }, []],
  ])('shows those that are asked for: %j', async (options, tasks) => {
    const { out, say } = await shop.command('list', options)
    expect(out.slice(1).map((line) => line.split(' ')[0])).toEqual(tasks)
    expect(say).toEqual([`${tasks.length} of 4 tasks`])
  })

  it('prints an array of tasks as JSON', async () => {
    const tasks = (await shop.command('list', { json: true })).io.json() as Record<string, unknown>[]
    expect(tasks.map(({ task }) => task)).toEqual(['load', 'sync', 'quiet', 'report'])
    expect(tasks[0]).toMatchObject({
      tags: ['team-a'],
      owner: 'data@example.com',
      schedule: 'every 90 seconds',
      timezone: 'UTC',
      enabled: true,
      paused: null,
      last: { run: at(-1800), status: 'FAILED', verdict },
      next: at(90),
      running: [],
      waiting: [],
    })
    expect(tasks[1]).toMatchObject({ running: [at(-900)], waiting: [at(-1.5)] })
    expect(tasks[3]).toMatchObject({
      paused: { reason: 'the source is broken', until: at(5 * 86_400) },
      last: null,
      next: null,
    })
  })

  it('tells of ticks that were due more than five minutes ago and have no run', async () => {
    const later = Date.parse(at(40 * 60))
    const list = async (options: Options<'list'>) => {
      const io = new FakeIo()
      const session = sessionAt(shop.engine.endpoint, io, () => later)
      await COMMANDS.list.run(session, options)
      session.close()
      return io
    }
    expect((await list({})).data.map((line) => line.slice(0, 22).trim())).toEqual([
      'TASK    STATUS',
      'load    FAILED MISSED',
      'sync    QUEUED MISSED',
      'quiet   -',
      'report  -',
    ])
    const tasks = (await list({ status: 'missed', json: true })).json() as Record<string, unknown>[]
    expect(tasks.map(({ task, missed }) => [task, missed])).toEqual([
      ['load', at(90)],
      ['sync', at(15 * 60)],
    ])
  })

  it('suggests the status that was meant', async () => {
    await expect(shop.command('list', { status: 'faild' })).rejects.toThrow(
      '--status knows no faild; did you mean FAILED?',
    )
  })
})

describe('tasks runs', () => {
  it('shows the newest first, of all tasks or of one', async () => {
    expect((await shop.command('runs')).out).toEqual([
      'TASK  RUN                       STATUS            TOOK  WHY',
      `sync  ${at(-1.5)}  QUEUED                  waits its turn`,
      `load  ${at(-90)}  SKIPPED                 overlap with 09:30:00Z`,
      `sync  ${at(-900)}  RUNNING    14 min 59 s`,
      `load  ${at(-1800)}  FAILED          12.3 s  line 3: ERROR no such t…`,
      `sync  ${at(-3600)}  SUCCEEDED   1 min 05 s`,
    ])
    expect((await shop.command('runs', { task: 'sync', limit: '1' })).out).toHaveLength(2)
  })

  it('takes no more than 80 columns', async () => {
    for (const line of (await shop.command('runs')).out) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('says when there are more, or none', async () => {
    expect((await shop.command('runs', { limit: '2' })).say).toEqual(['the newest 2; --limit shows more'])
    expect((await shop.command('runs', { task: 'report' })).say).toEqual([
      'report is paused until 2026-03-07T10:00:00Z: the source is broken',
      'no runs yet',
    ])
    expect((await shop.command('runs', { since: '1s' })).say).toEqual(['no such runs'])
  })

  it('finds by status, by trigger and by time, however many others are between', async () => {
    const keys = async (options: object) =>
      ((await shop.command('runs', { ...options, json: true })).io.json() as RunRecord[]).map(
        ({ run }) => run,
      )
    expect(await keys({ status: 'failed', limit: '1' })).toEqual([at(-1800)])
    expect(await keys({ trigger: 'manual' })).toEqual([at(-1.5)])
    expect(await keys({ since: '20m' })).toEqual([at(-1.5), at(-90), at(-900)])
  })

  it('prints what is documented of a run, and nothing else', async () => {
    const [run] = (await shop.command('runs', { status: 'FAILED', json: true })).io.json() as RunRecord[]
    expect(Object.keys(run ?? {})).toEqual([
      ...[
        'task',
        'run',
        'status',
        'reason',
        'error',
        'verdict',
        'trigger',
        'scheduledAt',
        'attempt',
        'startedAt',
      ],
      ...['finishedAt', 'function', 'qualifier', 'logGroup', 'logStream', 'attempts', 'expiresAt'],
    ])
    expect(run).toMatchObject({ expiresAt: '2027-01-15T08:00:00.000Z' })
  })
})

describe('tasks show', () => {
  it('tells what the task is, who runs and what comes, in 80 columns', async () => {
    expect((await shop.command('show', { task: 'load' })).out).toEqual([
      'load',
      '            Loads the day',
      'last run    FAILED: line 3 matched failOn ERROR: ERROR no such table: orders',
      'schedule    every 90 seconds',
      'function    shop-dev-load $LATEST (wrapped)',
      'payload     {"max_len":6}',
      'overlap     latest, 1 at a time',
      'starts      within 10 min of its tick, or not',
      'timeout     1 min',
      'retry       3 attempts, 30 s apart, each wait ×2, at most 1 h',
      'fails on    ERROR',
      'alerts      none',
      'log group   /slipstream/shop-dev',
      'kept        90 d',
      'tags        team-a',
      'owner       data@example.com',
      '',
      'Next ticks',
      '  2026-03-02T10:01:30Z  in 1 min',
      '  2026-03-02T10:03:00Z  in 3 min',
      '  2026-03-02T10:04:30Z  in 4 min',
      '  2026-03-02T10:06:00Z  in 6 min',
      '  2026-03-02T10:07:30Z  in 7 min',
      '',
      'Last runs',
      'RUN                       STATUS     TOOK  WHY',
      `${at(-90)}  SKIPPED          overlap with 09:30:00Z`,
      `${at(-1800)}  FAILED   12.3 s  line 3: ERROR no such table: orders`,
    ])
  })

  it('tells who holds the slot and until when, and who waits', async () => {
    const { out } = await shop.command('show', { task: 'sync' })
    expect(out).toContain('running     2026-03-02T09:45:00.000Z until 2026-03-02T10:10:00Z at most')
    expect(out).toContain(`waiting     ${at(-1.5)}`)
  })

  it('tells of a pause', async () => {
    const { out } = await shop.command('show', { task: 'report' })
    expect(out).toContain('paused      until 2026-03-07T10:00:00Z: the source is broken')
  })

  it('suggests the task that was meant', async () => {
    await expect(shop.command('show', { task: 'laod' })).rejects.toThrow(
      'shop-dev has no task laod; did you mean load?',
    )
    await expect(shop.command('show', { task: 'xyz' })).rejects.toThrow(
      'shop-dev has no task xyz: see sls tasks list',
    )
    await expect(shop.command('show')).rejects.toThrow(/^--task is missing/)
  })
})

describe('tasks next', () => {
  it('shows the ticks of all tasks with their offset', async () => {
    expect((await shop.command('next', { count: '1' })).out).toEqual([
      'load  every 90 seconds',
      '  2026-03-02T10:01:30Z  in 1 min',
      '',
      'quiet  cron(0 3 * * ? *)',
      '  not enabled: no ticks',
      '',
      'report  cron(30 2 * * ? *) Europe/Berlin',
      '  paused until 2026-03-07T10:00:00Z: the source is broken: ticks until then are SKIPPED',
      '  2026-03-03T01:30:00Z  2026-03-03T02:30:00+01:00  in 15 h',
      '',
      'sync  every 15 minutes',
      '  2026-03-02T10:15:00Z  in 15 min',
    ])
  })

  it('tells what daylight saving does to them', async () => {
    const { out } = await shop.command('next', { task: 'report', count: '27' })
    expect(out.slice(-3)).toEqual([
      '  2026-03-30T00:30:00Z  2026-03-30T02:30:00+02:00  in 27 d',
      '    clocks go forward before it: +01:00 becomes +02:00',
      '    2026-03-29 02:30 does not exist: no tick',
    ])
  })

  it('prints them as JSON', async () => {
    const [load] = (
      await shop.command('next', { task: 'load', count: '1', json: true })
    ).io.json() as unknown[]
    expect(load).toEqual({
      task: 'load',
      schedule: 'every 90 seconds',
      timezone: 'UTC',
      enabled: true,
      paused: null,
      ticks: [{ scheduledAt: at(90), local: '2026-03-02T10:01:30Z', notes: [] }],
    })
  })
})
