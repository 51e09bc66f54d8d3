import { writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { CommandError } from '../../lib/commands/errors'
import { temporaryFolder } from '../support/engine'
import { FakeIo } from './support/io'
import { type HandMade, NOW, startHandMade } from './support/service'

const at = (offsetSeconds: number) => new Date(Date.parse(NOW) + offsetSeconds * 1000).toISOString()
const me = userInfo().username

jest.setTimeout(30_000)

/** No dispatcher runs here: what a command sends is looked at in the queue. */
let shop: HandMade
beforeAll(async () => {
  shop = await startHandMade()
  await shop.schedule('load', {
    expression: 'cron(0 3 * * ? *)',
    timezone: 'Europe/Berlin',
    payload: { max_len: 6 },
  })
  await shop.schedule('often', { expression: 'cron(* * * * ? *)', tags: ['team-a'] })
  await shop.schedule('rapid', { expression: 'cron(* * * * ? *)', everySeconds: 1 })
  await shop.schedule('once', { expression: 'at(2099-01-01T00:00:00)' })
  await shop.schedule('still', { tags: ['team-a'] })
  await shop.lock('still', { paused: { reason: 'vendor' } })
})
afterAll(() => shop?.close())

const failure = (promise: Promise<unknown>): Promise<CommandError> =>
  promise.then(
    () => {
      throw new Error('it did not fail')
    },
    (error: CommandError) => error,
  )

describe('tasks run', () => {
  const folder = temporaryFolder()
  afterAll(() => folder.remove())

  /** A dispatcher that takes every run up as soon as it is sent. */
  async function taking(up: Promise<unknown>, status: 'RUNNING' | 'QUEUED' = 'RUNNING') {
    for (;;) {
      const [message] = await shop.sent()
      if (message?.kind !== 'run') continue
      await shop.run(message.task, message.run, {
        status,
        trigger: message.trigger,
        scheduledAt: message.scheduledAt,
      })
      await up
      return message
    }
  }

  it('sends a run with the task’s payload, and prints its key', async () => {
    const command = shop.command('run', { task: 'load' })
    const message = await taking(command)
    const { code, out, say } = await command
    expect(message).toMatchObject({
      task: 'load',
      trigger: 'manual',
      triggeredBy: me,
      payload: { max_len: 6 },
      scheduledAt: message.run,
    })
    expect(message.run).not.toMatch(/\.000Z$/)
    expect(code).toBe(0)
    expect(out).toEqual([message.run])
    expect(say).toEqual(['load is running', `Its log: sls tasks logs -t -f load --run ${message.run}`])
  })

  it('prints one record as JSON', async () => {
    const command = shop.command('run', { task: 'load', json: true, tick: '2026-03-01' })
    const message = await taking(command, 'QUEUED')
    expect((await command).io.json()).toMatchObject({
      task: 'load',
      run: message.run,
      status: 'QUEUED',
      scheduledAt: '2026-02-28T23:00:00.000Z',
    })
  })

  it('tells whom a queued run waits for', async () => {
    await shop.lock('often', { slots: { [at(-60)]: Date.parse(at(600)) } })
    const command = shop.command('run', { task: 'often' })
    await taking(command, 'QUEUED')
    expect((await command).say[0]).toBe(`queued behind ${at(-60)}`)
  })

  it('takes a payload from the command line or a file', async () => {
    const data = shop.command('run', { task: 'load', data: '{"day":1}' })
    expect(await taking(data)).toMatchObject({ payload: { day: 1 } })
    const path = join(folder.path, 'payload.json')
    writeFileSync(path, '{"day":2}')
    expect(await taking(shop.command('run', { task: 'load', path }))).toMatchObject({ payload: { day: 2 } })
  })

  it.each([
    [{ data: '{"password":"hunter2"' }, /^--data must be JSON$/],
    [{ data: '{"ids":[1,1e300]}' }, /^--data: payload\.ids\.1 must be a number that is kept exactly/],
    [{ data: '[1]' }, '--data must be a JSON object, because the run is told of in keys beside yours'],
    [{ data: '{}', path: 'x' }, '--data and --path both say what the payload is: give one'],
    [{ path: '/no/such/file' }, /^--path: cannot read \/no\/such\/file/],
    [
      { data: '{"slipstream":1}' },
      '--data: slipstream is a key that the target is told of its run by; give it another name',
    ],
    [{ tick: 'noon' }, /^--tick must be/],
    [{ 'wait-timeout': '5m' }, '--wait-timeout is the limit of --wait: give both'],
    [{ wait: true, 'wait-timeout': '5' }, /^--wait-timeout must be a time span/],
  ])('refuses %j and sends nothing', async (options, message) => {
    const error = await failure(shop.command('run', { task: 'load', ...options }))
    expect(error).toMatchObject({ code: 'USAGE', exitCode: 1 })
    expect(error.message).toMatch(message)
    expect(await shop.sent()).toEqual([])
  })

  it('starts nothing while the task is paused', async () => {
    const error = await failure(shop.command('run', { task: 'still', wait: true }))
    expect(error).toMatchObject({ code: 'PAUSED', exitCode: 3 })
    expect(error.message).toBe(
      'still is paused: vendor. Nothing was started; sls tasks resume -f still ends the pause',
    )
    expect(await shop.sent()).toEqual([])
  })
})

describe('tasks rerun', () => {
  it('refuses a run that has not ended, and no run at all', async () => {
    await shop.run('load', at(-5), { status: 'RUNNING' })
    expect((await failure(shop.command('rerun', { task: 'load', run: at(-5) }))).code).toBe('NOT_ENDED')
    expect((await failure(shop.command('rerun', { task: 'load' }))).message).toMatch(/^--run is missing/)
  })
})

describe('tasks cancel', () => {
  it('cancels what waits, at once', async () => {
    await shop.run('often', at(-4), { status: 'QUEUED', trigger: 'manual' })
    const { code, say, io } = await shop.command('cancel', { task: 'often', run: at(-4), json: true })
    expect(code).toBe(0)
    expect(say).toEqual([`often ${at(-4)}: cancelled`])
    expect(io.json()).toMatchObject({ run: at(-4), status: 'CANCELLED' })
    expect((await shop.command('cancel', { task: 'often', run: at(-4) })).say).toEqual([
      `often ${at(-4)}: was cancelled already`,
    ])
  })

  it('says of a run that had ended what became of it', async () => {
    await shop.run('often', at(-8), { status: 'SUCCEEDED' })
    const error = await failure(shop.command('cancel', { task: 'often', run: at(-8) }))
    expect(error.message).toBe(`often ${at(-8)} ended before it could be cancelled: SUCCEEDED`)
    expect(error.exitCode).toBe(1)
  })
})

describe('tasks pause and resume', () => {
  it('pauses with reason and end, which every other command then shows', async () => {
    const { say } = await shop.command('pause', { task: 'load', reason: 'source down', until: 'monday' })
    expect(say[0]).toBe('load is paused until 2026-03-08T23:00:00Z: source down')
    expect((await shop.command('list', { paused: true, json: true })).io.json()).toMatchObject([
      { task: 'load', paused: { reason: 'source down', until: '2026-03-08T23:00:00.000Z' } },
      { task: 'still' },
    ])
    expect((await shop.command('resume', { task: 'load' })).say).toEqual(['load is resumed'])
    expect((await shop.command('resume', { task: 'load' })).say).toEqual(['load was not paused'])
  })

  it('keeps the lock small, and lets a reason move no cursor', async () => {
    const long = shop.command('pause', { task: 'load', reason: 'x'.repeat(201) })
    expect((await failure(long)).message).toBe('--reason must have at most 200 characters')
    const { say } = await shop.command('pause', { task: 'load', reason: '\u001b[2Jcleared\nfor good' })
    expect(say[0]).toBe('load is paused: cleared')
    await shop.command('resume', { task: 'load' })
  })

  it('takes all tasks with a tag, or all, but never some by accident', async () => {
    const paused = await shop.command('pause', { tag: 'team-a', json: true })
    expect(paused.io.json()).toEqual([
      { task: 'often', paused: {} },
      { task: 'still', paused: {} },
    ])
    expect(paused.say.at(-1)).toBe('It ends with sls tasks resume --tag team-a')
    expect((await shop.command('resume', { all: true, json: true })).io.json()).toEqual([
      { task: 'often', paused: null },
      { task: 'still', paused: null },
    ])
    for (const options of [{}, { task: 'load', all: true }])
      expect((await failure(shop.command('pause', options))).message).toBe(
        'say which tasks with one of --task NAME, --tag TAG and --all',
      )
    expect((await failure(shop.command('pause', { tag: 'x' }))).message).toBe('no task has the tag x')
  })
})

describe('tasks backfill', () => {
  it('says how many ticks, the first and the last, and sends one message for all', async () => {
    const { code, say } = await shop.command('backfill', {
      task: 'load',
      from: '2026-02-23',
      to: '2026-03-01',
    })
    expect(code).toBe(0)
    expect(say).toEqual([
      '7 ticks of load, from 2026-02-23T02:00:00Z to 2026-03-01T02:00:00Z',
      'Those that have a run already are left alone.',
      'They run in order, 1 at a time: sls tasks runs -f load --trigger backfill',
    ])
    expect(await shop.sent()).toMatchObject([
      {
        kind: 'backfill',
        task: 'load',
        schedule: 'cron(0 3 * * ? *)',
        timezone: 'Europe/Berlin',
        from: '2026-02-22T23:00:00.000Z',
        to: '2026-03-01T22:59:59.999Z',
        rerun: false,
        triggeredBy: me,
      },
    ])
  })

  it('does nothing with --dry-run', async () => {
    const { io } = await shop.command('backfill', {
      task: 'load',
      from: '2026-02-23',
      to: '2026-03-01',
      'dry-run': true,
      json: true,
    })
    expect(io.json()).toEqual({
      task: 'load',
      count: 7,
      first: '2026-02-23T02:00:00.000Z',
      last: '2026-03-01T02:00:00.000Z',
      backfill: null,
    })
    expect(await shop.sent()).toEqual([])
  })

  const many = { task: 'often', from: '2026-03-02T08:00Z', to: '2026-03-02T08:50Z' }

  it('asks above 50, and does what it is told', async () => {
    const io = new FakeIo()
    const asked: string[] = []
    const answer = (yes: boolean) => async (question: string) => {
      asked.push(question)
      return yes
    }
    io.ask = answer(false)
    expect(await failure(shop.command('backfill', many, io))).toMatchObject({ code: 'DECLINED', exitCode: 3 })
    expect(await shop.sent()).toEqual([])
    io.ask = answer(true)
    expect((await shop.command('backfill', many, io)).code).toBe(0)
    expect(asked).toEqual(['Run 51 ticks?', 'Run 51 ticks?'])
    expect(await shop.sent()).toHaveLength(1)
  })

  it('needs --yes above 50 where nobody is there to ask, and not at 50', async () => {
    expect((await failure(shop.command('backfill', many))).message).toMatch(/^--yes is missing: 51 ticks/)
    await shop.command('backfill', { ...many, to: '2026-03-02T08:49Z' })
    await shop.command('backfill', { ...many, yes: true })
    expect(await shop.sent()).toHaveLength(2)
  })

  it('goes no further than now', async () => {
    const { say } = await shop.command('backfill', {
      task: 'often',
      from: '2026-03-02T09:58Z',
      to: '2026-03-09',
      'dry-run': true,
    })
    expect(say[0]).toBe('3 ticks of often, from 2026-03-02T09:58:00Z to 2026-03-02T10:00:00Z')
  })

  it.each([
    [{ task: 'load', from: '2026-03-01' }, /^--from and --to say which ticks/],
    [{ task: 'load', from: '2026-03-03', to: '2026-03-09' }, /^--from is later than --to, or yet to come/],
    [{ task: 'load', from: 'last week', to: '2026-03-01' }, /^--from must be a date, "yesterday"/],
    [
      { task: 'rapid', from: '2026-02-01', to: '2026-03-01' },
      'that is more than 100000 ticks: give a shorter range',
    ],
    [{ task: 'once', from: '2026-03-01', to: '2026-03-02' }, /^once runs once, at at\(2099-01-01T00:00:00\)/],
  ])('refuses %j', async (options, message) => {
    expect((await failure(shop.command('backfill', options))).message).toMatch(message)
    expect(await shop.sent()).toEqual([])
  })

  it('says where there is no tick', async () => {
    const { code, say } = await shop.command('backfill', {
      task: 'load',
      from: '2026-03-01T04:00Z',
      to: '2026-03-01T05:00Z',
    })
    expect(code).toBe(0)
    expect(say).toEqual(['load has no tick from 2026-03-01T04:00:00Z to 2026-03-01T05:00:00Z'])
  })
})
