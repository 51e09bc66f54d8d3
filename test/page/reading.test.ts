import type {
  Failure,
  LogEnd,
  LogLine,
  RunDetail,
  RunPage,
  TaskDetail,
  TaskList,
  Timeline,
} from '../../lib/page/api'
import { type Served, servedPage } from './support'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('what the page reads', () => {
  let page: Served
  const now = Date.now()
  const tick = Math.floor(now / HOUR) * HOUR
  const iso = (at: number) => new Date(at).toISOString()
  const get = async <T>(path: string) => (await (await fetch(page.engine.endpoint + path)).json()) as T

  beforeAll(async () => {
    page = await servedPage('reading', now)
    const { seed } = page
    await seed.tasks([
      {
        task: 'hourly',
        schedule: 'every 1 hours',
        tags: ['a'],
        owner: 'kim',
        description: 'It loads',
        payload: { n: 1 },
      },
      { task: 'idle', schedule: 'cron(0 2 * * ? *)', timezone: 'Europe/Berlin', enabled: false },
    ])
    const failing = {
      status: 'FAILED',
      reason: 'log-rule',
      verdict: { rule: 'ERROR', line: 2, text: 'ERROR\tno' },
      error: 'line 2 matched failOn ERROR: ERROR\tno',
    } as const
    await seed.records([
      seed.record('hourly', tick, { status: 'SKIPPED', reason: 'overlap', blockedBy: iso(tick - HOUR) }),
      seed.record('hourly', tick - HOUR, failing),
      ...Array.from({ length: 60 }, (_, back) => seed.record('hourly', tick - (back + 2) * HOUR)),
    ])
    await seed.lock('hourly', {
      slots: { [iso(tick - HOUR)]: now + MINUTE },
      waiting: new Set([iso(tick)]),
      paused: { reason: 'moving', until: now + HOUR },
    })
    await seed.log(seed.record('hourly', tick - HOUR), ['<b>one</b>', 'ERROR\tno', 'three'])
  })
  afterAll(() => page.close())

  it('tells of every task in one answer, with its newest runs and what comes', async () => {
    const list = await get<TaskList>('/api/tasks')
    expect(list.service).toMatchObject({ name: 'reading-dev', region: 'us-east-1', local: true })
    expect(list.tasks.map(({ task }) => task)).toEqual(['hourly', 'idle'])
    const [hourly, idle] = list.tasks
    expect(hourly).toMatchObject({
      tags: ['a'],
      owner: 'kim',
      description: 'It loads',
      paused: { reason: 'moving', until: iso(now + HOUR) },
      // The newest that was not skipped.
      last: { run: iso(tick - HOUR), status: 'FAILED', why: 'line 2: ERROR\tno' },
      overlapped: 1,
      next: tick + HOUR,
      running: [iso(tick - HOUR)],
      waiting: 1,
    })
    expect(hourly?.recent).toHaveLength(20)
    expect(hourly?.recent.slice(0, 2)).toEqual([
      [tick, 6],
      [tick - HOUR, 4],
    ])
    expect(idle).toMatchObject({ enabled: false, last: null, recent: [], next: null })
  })

  it('tells of one task: its definition, who holds the lock, its next ticks and how long it takes', async () => {
    const detail = await get<TaskDetail>('/api/tasks/hourly')
    expect(detail).toMatchObject({
      definition: { overlap: 'latest', concurrency: 1 },
      payload: { n: 1 },
      holders: [{ run: iso(tick - HOUR), until: now + MINUTE }],
      waiting: [iso(tick)],
      duration: { p50: 8200, p95: 8200, count: 50 },
      interval: HOUR,
      more: true,
    })
    expect(detail.coming.map(({ at }) => at)).toEqual([1, 2, 3, 4, 5].map((n) => tick + n * HOUR))
    expect(detail.runs).toHaveLength(50)
    const oldest = detail.runs.at(-1)?.run ?? ''
    const older = await get<RunPage>(`/api/runs/hourly?before=${oldest}`)
    expect(older.runs).toHaveLength(12)
    expect(older.more).toBe(false)
    expect(older.runs[0]?.run).toBe(iso(Date.parse(oldest) - HOUR))
  })

  it('tells of one run: the verdict, its attempts and its neighbours', async () => {
    const detail = await get<RunDetail>(`/api/runs/hourly/${iso(tick - HOUR)}`)
    expect(detail).toMatchObject({
      sentence: expect.stringMatching(/^FAILED: line 2 matched failOn ERROR: ERROR\s+no$/),
      verdict: { line: 2 },
      attempts: [{ attempt: 1 }],
      older: iso(tick - 2 * HOUR),
      newer: iso(tick),
      deployed: true,
    })
  })

  it('gives a log as a line a line, with its numbers and without our own records, and says where to go on', async () => {
    const path = `/api/logs/hourly/${iso(tick - HOUR)}/1`
    const read = async (query = '') => {
      const text = await (await fetch(`${page.engine.endpoint}${path}${query}`)).text()
      const objects = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as LogLine | LogEnd)
      return { lines: objects.slice(0, -1) as LogLine[], end: objects.at(-1) as LogEnd }
    }
    const { lines, end } = await read()
    expect(lines.map(({ l, v, x }) => [l, v, x])).toEqual([
      [1, undefined, '<b>one</b>'],
      [2, 'ERROR', 'ERROR\tno'],
      [3, undefined, 'three'],
    ])
    expect(end).toMatchObject({ ended: true, more: false, missing: false, next: { line: 3 } })

    const { logGroup, logStream = '' } = page.seed.record('hourly', tick - HOUR)
    await page.seed.append({ logGroup, logStream }, ['four'])
    const further = await read(`?line=3&token=${encodeURIComponent(end.next.token ?? '')}`)
    expect(further.lines.map(({ l, x }) => [l, x])).toEqual([[4, 'four']])
  })

  it('gives the whole log as a file that no browser takes for a page', async () => {
    const path = `${page.engine.endpoint}/api/logs/hourly/${iso(tick - HOUR)}/1`
    const text = await fetch(`${path}?as=text`)
    expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(text.headers.get('content-disposition')).toMatch(/^attachment; filename="hourly-[^":]+-1\.log"$/)
    expect(text.headers.get('x-content-type-options')).toBe('nosniff')
    expect((await text.text()).split('\n')[1]).toMatch(/^\d{4}-\S+Z ERROR\tno$/)
    const [first] = (await (await fetch(`${path}?as=ndjson`)).text()).split('\n')
    expect(JSON.parse(first ?? '')).toMatchObject({
      task: 'hourly',
      attempt: 1,
      line: 1,
      message: '<b>one</b>',
    })
  })

  it('finds what Lambda wrote of a run among the lines of others, in either of its formats', async () => {
    const { seed } = page
    const report = {
      time: iso(tick - HOUR + 9000),
      type: 'platform.report',
      record: {
        requestId: 'req-json',
        metrics: { durationMs: 81.5, billedDurationMs: 82, memorySizeMB: 256, maxMemoryUsedMB: 90 },
      },
    }
    const text = seed.record('hourly', tick - 5 * HOUR, { requestId: 'req-text', function: 'text' })
    const json = seed.record('hourly', tick - 6 * HOUR, {
      requestId: 'req-json',
      function: 'arn:aws:lambda:us-east-1:000000000000:function:json:live',
    })
    const silent = seed.record('hourly', tick - 7 * HOUR, { requestId: 'req-none', function: 'none' })
    await seed.records([text, json, silent])
    await seed.group('/aws/lambda/text', Date.parse(text.startedAt ?? ''), [
      'START RequestId: req-other Version: $LATEST',
      'START RequestId: req-text Version: $LATEST',
      'a line of req-text',
      'END RequestId: req-text',
      'REPORT RequestId: req-text\tDuration: 1000.12 ms\tBilled Duration: 1201 ms\tMemory Size: 512 MB\tMax Memory Used: 77 MB\tInit Duration: 200.50 ms\t',
    ])
    await seed.group('/aws/lambda/json', Date.parse(json.startedAt ?? ''), [JSON.stringify(report)])
    expect(await get(`/api/reports/hourly/${text.run}`)).toEqual({
      logGroup: '/aws/lambda/text',
      lines: [
        expect.stringMatching(/^START .*req-text/),
        expect.stringMatching(/^END/),
        expect.stringMatching(/^REPORT/),
      ],
      duration: 1000.12,
      billed: 1201,
      memorySize: 512,
      maxMemoryUsed: 77,
      initDuration: 200.5,
    })
    expect(await get(`/api/reports/hourly/${json.run}`)).toMatchObject({ billed: 82, maxMemoryUsed: 90 })
    expect(await get(`/api/reports/hourly/${silent.run}`)).toEqual({
      logGroup: '/aws/lambda/none',
      lines: [],
    })
    expect(await get(`/api/reports/hourly/${iso(1)}`)).toMatchObject({ error: { code: 'NO_SUCH_RUN' } })
  })

  it('says that a log is not there, for an attempt whose stream was never made', async () => {
    const text = await (
      await fetch(`${page.engine.endpoint}/api/logs/hourly/${iso(tick - 2 * HOUR)}/1`)
    ).text()
    expect(JSON.parse(text)).toMatchObject({ missing: true, next: { line: 0 } })
  })

  it('puts runs and ticks on a line of time', async () => {
    const from = tick - 3 * HOUR - MINUTE
    const { rows } = await get<Timeline>(
      `/api/timeline?from=${from}&to=${tick + 2 * HOUR}&tasks=hourly,nobody`,
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]?.bars.map(([run, status]) => [run, status])).toEqual([
      [tick, 6],
      [tick - HOUR, 4],
      [tick - 2 * HOUR, 3],
      [tick - 3 * HOUR, 3],
    ])
    expect(rows[0]?.coming).toEqual([tick + HOUR, tick + 2 * HOUR])
  })

  it('answers with a sentence for what there is not', async () => {
    for (const [path, status, code] of [
      ['/api/tasks/nobody', 404, 'NO_SUCH_TASK'],
      [`/api/runs/hourly/${iso(tick + HOUR)}`, 404, 'NO_SUCH_RUN'],
      [`/api/logs/hourly/${iso(tick - HOUR)}/9`, 404, 'NO_SUCH_ATTEMPT'],
      ['/api/runs/hourly/yesterday', 400, 'USAGE'],
      ['/api/timeline?from=1&to=0', 400, 'USAGE'],
      ['/api/what', 404, 'NOT_FOUND'],
    ] as const) {
      const response = await fetch(page.engine.endpoint + path)
      expect([path, response.status]).toEqual([path, status])
      expect(((await response.json()) as Failure).error.code).toBe(code)
    }
  })
})

describe('the list of many tasks', () => {
  let page: Served
  beforeAll(async () => {
    page = await servedPage('many')
  })
  afterAll(() => page.close())

  it('reads runs anew only of tasks that have moved', async () => {
    const { seed, engine } = page
    const tick = Math.floor(Date.now() / HOUR) * HOUR
    await seed.tasks([
      { task: 'moved', schedule: 'every 1 days' },
      { task: 'still', schedule: 'every 1 days' },
    ])
    for (const task of ['moved', 'still']) {
      await seed.records([seed.record(task, tick)])
      await seed.lock(task, { v: 1 })
    }
    const queried: string[] = []
    const end = engine.onCall(({ request }) => {
      if (!request.headers['x-amz-target']?.endsWith('.Query')) return
      queried.push(...(/"S":"(moved|still)"/.exec(request.body.toString())?.slice(1) ?? []))
    })
    const list = async () => (await (await fetch(`${engine.endpoint}/api/tasks`)).json()) as TaskList
    await list()
    expect(queried.sort()).toEqual(['moved', 'still'])

    await seed.records([
      seed.record('moved', tick + MINUTE, { status: 'FAILED', reason: 'error', error: 'no' }),
    ])
    await seed.lock('moved', { v: 2 })
    queried.length = 0
    // An answer is shared for a moment; an action ends that.
    await fetch(`${engine.endpoint}/api/actions/resume`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-slipstream-token': page.token },
      body: '{"tasks":["nobody"]}',
    })
    const { tasks } = await list()
    expect(queried).toEqual(['moved'])
    expect(tasks.map(({ last }) => last?.status)).toEqual(['FAILED', 'SUCCEEDED'])
    end()
  })
})
