import type { Options } from '../../lib/commands/options'
import { COMMANDS } from '../../lib/commands/table'
import { formatRecord } from '../../lib/core/log-record'
import type { RunRecord } from '../../lib/core/protocol/record'
import { FakeIo } from './support/io'
import { type HandMade, NOW, startHandMade } from './support/service'
import { sessionAt } from './support/session'

const at = (offsetSeconds: number) => new Date(Date.parse(NOW) + offsetSeconds * 1000).toISOString()
const ended = (start: number, seconds: number, fields: Partial<RunRecord> = {}): Partial<RunRecord> => ({
  startedAt: at(start),
  finishedAt: at(start + seconds),
  attempt: 1,
  ...fields,
})

const FAILED_LINE = 'ERROR\tno such table: orders'
const verdict = { rule: 'ERROR', line: 3, text: FAILED_LINE }
const STREAM = 'load/2026/03/02/[$LATEST]093000000-'

jest.setTimeout(30_000)

let shop: HandMade
beforeAll(async () => {
  shop = await startHandMade()
  await shop.schedule('load', {
    expression: 'cron(* * * * ? *)',
    everySeconds: 90,
    tags: ['team-a'],
    owner: 'data@example.com',
    description: 'Loads the day',
    payload: { max_len: 6 },
    definition: {
      retry: { attempts: 3, delay: 30, backoff: 2, maxDelay: 3600 },
      startWithin: 600,
      overlap: 'latest',
    },
  })
  await shop.schedule('quiet', { enabled: false })
  await shop.schedule('report', {
    expression: 'cron(30 2 * * ? *)',
    timezone: 'Europe/Berlin',
    tags: ['team-a'],
  })
  await shop.schedule('sync', { expression: 'cron(0/15 * * * ? *)' })

  const attempts = [1, 2].map((attempt) => ({
    attempt,
    logStream: `${STREAM}${attempt}-abc`,
    startedAt: at(-1800),
  }))
  await shop.run('load', at(-1800), {
    ...ended(-1800, 12.3, { status: 'FAILED', reason: 'log-rule', verdict, attempt: 2, attempts }),
    error: `line 3 matched failOn ERROR: ${FAILED_LINE}`,
    logStream: `${STREAM}2-abc`,
    expiresAt: 1_800_000_000,
    until: 1,
    by: 'message-1',
  })
  await shop.run('load', at(-90), {
    status: 'SKIPPED',
    reason: 'overlap',
    blockedBy: at(-1800),
    finishedAt: at(-90),
  })
  await shop.run('sync', at(-3600), ended(-3600, 65))
  await shop.run('sync', at(-900), { status: 'RUNNING', startedAt: at(-899), attempt: 1, logStream: 'none' })
  await shop.run('sync', at(-1.5), { status: 'QUEUED', trigger: 'manual', queuedAt: at(-1) })
  await shop.lock('sync', { slots: { [at(-900)]: Date.parse(at(600)) }, waiting: new Set([at(-1.5)]) })
  await shop.lock('report', { paused: { reason: 'the source is broken', until: Date.parse(at(5 * 86_400)) } })

  const filler = Array.from({ length: 6 }, (_, index) => `INFO\trow ${index}`)
  await shop.stream(`${STREAM}1-abc`, ['INFO\tfirst attempt', 'ERROR\tbroken pipe'])
  await shop.stream(`${STREAM}2-abc`, [
    formatRecord({ slipstream: 'start', requestId: 'r', at: NOW }),
    'INFO\tsecond attempt',
    'DEBUG\t\u001b[32mgreen\u001b[0m',
    FAILED_LINE,
    formatRecord({ slipstream: 'error', verdict }),
    ...filler,
    '{"level":"warn","msg":"slow"}',
    formatRecord({ slipstream: 'end', requestId: 'r', at: NOW, outcome: 'returned', errors: 1, verdict }),
  ])
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

describe('tasks logs', () => {
  it('shows the last attempt whole, without our own records, and marks the line to blame', async () => {
    const { code, out, say } = await shop.command('logs', { task: 'load' })
    expect(code).toBe(0)
    expect(say).toEqual([
      `load ${at(-1800)}, attempt 2 of 2, 12.3 s, times in UTC\nFAILED: line 3 matched failOn ERROR: ERROR no such table: orders`,
    ])
    expect(out).toHaveLength(10)
    expect(out.slice(0, 4)).toEqual([
      '    1  09:59:00.001  INFO   second attempt',
      '    2  09:59:00.002  DEBUG  green',
      '>   3  09:59:00.003  ERROR  no such table: orders',
      '    4  09:59:00.005  INFO   row 0',
    ])
    expect(out.at(-1)).toBe('   10  09:59:00.011  WARN   {"level":"warn","msg":"slow"}')
  })

  it('shows an earlier attempt', async () => {
    const { out } = await shop.command('logs', { task: 'load', run: 'last-failed', attempt: '1' })
    expect(out).toEqual([
      '    1  09:59:00.000  INFO   first attempt',
      '    2  09:59:00.001  ERROR  broken pipe',
    ])
    await expect(shop.command('logs', { task: 'load', attempt: '3' })).rejects.toThrow(
      `load ${at(-1800)} has 2 attempts`,
    )
  })

  it('keeps the colours of a line where there are colours', async () => {
    const { io } = await shop.command('logs', { task: 'load', filter: 'no such table' })
    io.colour = true
    io.data.length = 0
    await shop.command('logs', { task: 'load', filter: 'GREEN' }, io)
    expect(io.data).toEqual([
      '    2  09:59:00.002  \u001b[2mDEBUG\u001b[0m  \u001b[32mgreen\u001b[0m\u001b[0m',
    ])
  })

  it.each([
    [{ level: 'warn' }, [3, 10]],
    [{ filter: 'ROW 3' }, [7]],
    [{ level: 'info', filter: 'e' }, [1, 3, 10]],
    [{ since: '2026-03-02T09:59:00.010Z' }, [9, 10]],
  ])('shows only what is asked for: %j', async (options, numbers) => {
    const { out } = await shop.command('logs', { task: 'load', ...options })
    expect(out.map((line) => Number(line.slice(1, 5)))).toEqual(numbers)
  })

  it('says so where nothing matched, and does not let it pass for a run without errors', async () => {
    const { out, say } = await shop.command('logs', { task: 'load', filter: 'no such thing' })
    expect(out).toEqual([])
    expect(say.at(-1)).toBe('0 of 10 lines matched')
  })

  it('begins at the first failing line, with a few before it', async () => {
    const shown = await shop.command('logs', { task: 'load', failed: true })
    expect(shown.out[0]).toContain('second attempt')
    const other = { rule: 'ERROR', line: 8, text: 'row 4' }
    await shop.run(
      'late',
      at(-60),
      ended(-60, 1, {
        status: 'FAILED',
        verdict: other,
        logStream: 'late',
        attempts: [{ attempt: 1, logStream: 'late', startedAt: at(-60) }],
      }),
    )
    await shop.stream(
      'late',
      Array.from({ length: 12 }, (_, index) => `INFO\trow ${index + 1}`),
    )
    const { out, say } = await shop.command('logs', { task: 'late', failed: true })
    expect(say.at(-1)).toBe('4 lines before are left out')
    expect(out[0]).toMatch(/^ {4}5 .* row 5$/)
    expect(out[3]).toMatch(/^> {3}8 .* row 8$/)
    expect(out).toHaveLength(8)
  })

  it('shows the end of a log where no line is to blame', async () => {
    const attempts = [{ attempt: 1, logStream: 'crash', startedAt: at(-60) }]
    await shop.run(
      'crash',
      at(-60),
      ended(-60, 1, { status: 'FAILED', reason: 'out-of-memory', logStream: 'crash', attempts }),
    )
    await shop.stream(
      'crash',
      Array.from({ length: 30 }, (_, index) => `INFO\trow ${index + 1}`),
    )
    const { out, say } = await shop.command('logs', { task: 'crash', failed: true })
    expect(say).toContain('no line is to blame; the last 20 of 30')
    expect(out[0]).toMatch(/ row 11$/)
  })

  it('prints one JSON object a line', async () => {
    const { out } = await shop.command('logs', { task: 'load', level: 'error', json: true })
    expect(out.map((line) => JSON.parse(line))).toEqual([
      {
        task: 'load',
        run: at(-1800),
        attempt: 2,
        line: 3,
        time: '2026-03-02T09:59:00.003Z',
        level: 'ERROR',
        message: 'no such table: orders',
      },
    ])
  })

  it('takes a key without milliseconds, and says where a run is not to be found', async () => {
    expect((await shop.command('logs', { task: 'load', run: '2026-03-02T09:30:00Z' })).out).toHaveLength(10)
    await expect(shop.command('logs', { task: 'load', run: '2026-01-01T00:00:00Z' })).rejects.toThrow(
      'load has no run 2026-01-01T00:00:00Z: see sls tasks runs -f load',
    )
    await expect(shop.command('logs', { task: 'quiet' })).rejects.toThrow('quiet has no run yet')
    await expect(shop.command('logs', { task: 'laod' })).rejects.toThrow('did you mean load?')
    await expect(shop.command('logs', { task: 'load', run: '17' })).rejects.toThrow(
      /^--run must be the key of a run/,
    )
  })

  it('waits for a run that was asked for a moment ago and has no record yet, by hand only', async () => {
    const asked = new Date(Date.parse(NOW) - 2001).toISOString()
    let end = () => {}
    const looked = new Promise<void>((resolve) => {
      end = shop.engine.onCall(({ request }) => request.body.includes(asked) && resolve())
    })
    const command = shop.command('logs', { task: 'sync', run: asked })
    await looked
    end()
    await shop.run('sync', asked, { status: 'SKIPPED', reason: 'paused' })
    const { code, say } = await command
    expect(code).toBe(0)
    expect(say.at(-1)).toBe('SKIPPED: paused')
    await expect(shop.command('logs', { task: 'sync', run: at(-2) })).rejects.toThrow('sync has no run')
  })

  it('says that a log is gone, or that there never was one', async () => {
    const gone = [{ attempt: 1, logStream: 'gone', startedAt: at(-60) }]
    await shop.run('old', at(-60), ended(-60, 1, { attempts: gone, logStream: 'gone' }))
    expect((await shop.command('logs', { task: 'old' })).say.at(-1)).toBe(
      'the log is empty, or no longer kept',
    )
    expect((await shop.command('logs', { task: 'load', run: at(-90) })).say.at(-1)).toBe(
      'it has no log: no attempt was made',
    )
  })
})
