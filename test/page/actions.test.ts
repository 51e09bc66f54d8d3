import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { GetCommand } from '@aws-sdk/lib-dynamodb'
import type { Message } from '../../lib/core/message'
import { ACCOUNT } from '../../lib/engine/api'
import type { ActionAnswer, Failure } from '../../lib/page/api'
import { type Served, servedPage } from './support'

const HOUR = 3_600_000

describe('what the page does', () => {
  let page: Served
  const now = Date.now()
  const tick = Math.floor(now / HOUR) * HOUR
  const iso = (at: number) => new Date(at).toISOString()

  beforeAll(async () => {
    page = await servedPage('acting', now)
    const { seed } = page
    await seed.tasks([
      { task: 'load', schedule: 'every 1 hours', payload: { max: 3 } },
      { task: 'asleep', schedule: 'every 1 hours' },
    ])
    await seed.lock('asleep', { paused: { reason: 'moving' } })
    await seed.records([
      seed.record('load', tick - HOUR),
      seed.record('load', tick - 60_000, { status: 'QUEUED' }),
    ])
  })
  afterAll(() => page.close())

  const post = async (action: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${page.engine.endpoint}/api/actions/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-slipstream-token': page.token, ...headers },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as ActionAnswer & Failure }
  }
  const sent = async (): Promise<Message[]> => {
    const { sqs, names } = page.seed
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: `${page.engine.endpoint}/${ACCOUNT}/${names.queue}`,
        MaxNumberOfMessages: 10,
        // What was seen does not come again.
        VisibilityTimeout: 600,
      }),
    )
    return Messages.map(({ Body = '' }) => JSON.parse(Body) as Message)
  }
  const lock = async (task: string) =>
    (await page.seed.dynamoDb.send(new GetCommand({ TableName: page.seed.names.locksTable, Key: { task } })))
      .Item

  it('runs a task now, with its own payload or another, and says which run it is', async () => {
    const { status, body } = await post('run', { tasks: ['load'], payload: { max: 9 } })
    expect(status).toBe(200)
    await post('run', { tasks: ['load'] })
    expect(await sent()).toMatchObject([
      { kind: 'run', task: 'load', run: body.run, trigger: 'manual', payload: { max: 9 } },
      { kind: 'run', task: 'load', trigger: 'manual', payload: { max: 3 } },
    ])
  })

  it('refuses to run a task that is paused, and leaves it out among others', async () => {
    expect(await post('run', { tasks: ['asleep'] })).toMatchObject({
      status: 409,
      body: { error: { code: 'PAUSED' } },
    })
    expect((await post('run', { tasks: ['asleep', 'load'] })).body.said).toBe(
      '1 run was asked for. 1 paused task was left out.',
    )
    expect(await sent()).toMatchObject([{ task: 'load' }])
  })

  it('runs an ended run again for the same tick, and no other', async () => {
    await post('rerun', { task: 'load', run: iso(tick - HOUR) })
    expect(await sent()).toMatchObject([
      { kind: 'run', trigger: 'rerun', rerunOf: iso(tick - HOUR), scheduledAt: iso(tick - HOUR) },
    ])
    const waiting = { task: 'load', run: iso(tick - 60_000) }
    expect(await post('rerun', waiting)).toMatchObject({
      status: 409,
      body: { error: { code: 'NOT_ENDED' } },
    })
    expect(await post('rerun', { task: 'load', run: iso(tick) })).toMatchObject({ status: 404 })
  })

  it('cancels a run that waits, and says so of one that has ended', async () => {
    expect((await post('cancel', { task: 'load', run: iso(tick - 60_000) })).status).toBe(200)
    const { runsTable: TableName } = page.seed.names
    const Key = { task: 'load', run: iso(tick - 60_000) }
    const { Item } = await page.seed.dynamoDb.send(new GetCommand({ TableName, Key }))
    expect(Item).toMatchObject({ status: 'CANCELLED' })
    expect(await post('cancel', { task: 'load', run: iso(tick - HOUR) })).toMatchObject({
      status: 409,
      body: { error: { code: 'ENDED' } },
    })
  })

  it('pauses and resumes, and understands the times of the command', async () => {
    await post('pause', { tasks: ['load'], reason: 'a move', until: '2h' })
    expect(await lock('load')).toMatchObject({ paused: { reason: 'a move', until: now + 2 * HOUR } })
    await post('resume', { tasks: ['load'] })
    expect(await lock('load')).not.toHaveProperty('paused')
    expect(await post('pause', { tasks: ['load'], until: 'yesterday' })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('--until') } },
    })
  })

  it('pauses none of many where one of them is not there', async () => {
    expect(await post('pause', { tasks: ['load', 'nobody'] })).toMatchObject({ status: 404 })
    expect(await lock('load')).not.toHaveProperty('paused')
  })

  it('counts the ticks of a backfill before it is sent, and sends one message for all', async () => {
    const from = '2026-03-28'
    const stretch = { task: 'load', from, to: '2026-03-29', timezone: 'Europe/Berlin' }
    const preview = await post('backfill', { ...stretch, dryRun: true })
    // On that Sunday the clocks skip an hour.
    expect(preview.body.ticks).toEqual({
      count: 47,
      first: '2026-03-27T23:00:00.000Z',
      last: '2026-03-29T21:00:00.000Z',
    })
    expect(await sent()).toEqual([])
    await post('backfill', { ...stretch, rerun: true })
    expect(await sent()).toMatchObject([
      { kind: 'backfill', task: 'load', rerun: true, from: '2026-03-27T23:00:00.000Z' },
    ])
    expect((await post('backfill', { ...stretch, from: '2026-04-01' })).status).toBe(400)
  })

  it('says which part of a request is wrong', async () => {
    for (const [action, body, message] of [
      ['run', { tasks: [] }, 'tasks'],
      ['run', { tasks: ['load'], payload: [1] }, 'payload'],
      ['cancel', { task: 'load', run: 'last' }, 'run'],
      ['pause', 'load', 'body'],
      ['pause', null, 'body'],
      ['pause', { tasks: ['load'], reason: 'x'.repeat(201) }, 'reason'],
    ] as const)
      expect(await post(action, body)).toMatchObject({
        status: 400,
        body: { error: { message: expect.stringContaining(message) } },
      })
    expect((await post('destroy', {})).status).toBe(404)
  })

  it('does nothing for a foreign site, a form, or a page of an earlier start', async () => {
    const body = { tasks: ['load'] }
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: page.engine.endpoint.replace(/\d+$/, '1') },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'x-slipstream-token': '' },
      { 'x-slipstream-token': `${page.token}x` },
    ])
      expect([headers, (await post('run', body, headers as Record<string, string>)).status]).toEqual([
        headers,
        403,
      ])
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=utf-16',
    ])
      expect((await post('run', body, { 'content-type': type })).status).toBe(415)
    expect((await fetch(`${page.engine.endpoint}/api/actions/run?tasks=load`)).status).toBe(404)
    expect(await sent()).toEqual([])
    const same = { origin: page.engine.endpoint, 'sec-fetch-site': 'same-origin' }
    expect((await post('run', body, same)).status).toBe(200)
    expect(await sent()).toHaveLength(1)
  })

  it('reads nothing for a foreign site', async () => {
    const get = (site: string) =>
      fetch(`${page.engine.endpoint}/api/tasks`, { headers: { 'sec-fetch-site': site } }).then(
        ({ status }) => status,
      )
    expect([await get('cross-site'), await get('same-origin'), await get('none')]).toEqual([403, 200, 200])
  })
})
