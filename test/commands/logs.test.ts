import { type HandMade, NOW } from './support/service'
import { at, ended, startShop } from './support/shop'

jest.setTimeout(30_000)

let shop: HandMade
beforeAll(async () => {
  shop = await startShop()
})
afterAll(() => shop?.close())

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
    expect(say.at(-1)).toBe('4 earlier lines left out')
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
