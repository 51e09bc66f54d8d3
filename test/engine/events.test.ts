import { CreateEventBusCommand, EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { type Engine, startEngine } from '../../lib/engine/server'
import { clientConfig, temporaryFolder } from '../support/engine'

describe("the engine's event bus", () => {
  const data = temporaryFolder()
  let engine: Engine
  let client: EventBridgeClient
  beforeAll(async () => {
    engine = await startEngine({ port: 0, dataDir: data.path })
    client = new EventBridgeClient({ ...clientConfig(engine.endpoint), maxAttempts: 1 })
  })
  afterAll(async () => {
    client.destroy()
    await engine.close()
    data.remove()
  })

  const put = (...Entries: object[]) => client.send(new PutEventsCommand({ Entries }))
  const event = { Source: 'slipstream', DetailType: 'Slipstream Run State Change', Detail: '{"task":"load"}' }

  it('takes events, each with an id of its own', async () => {
    const { FailedEntryCount, Entries = [] } = await put(event, { ...event, EventBusName: 'default' })
    expect(FailedEntryCount).toBe(0)
    expect(new Set(Entries.map(({ EventId }) => EventId)).size).toBe(2)
  })

  it.each([
    ['no source', { Source: undefined }, 'InvalidArgument'],
    ['no type', { DetailType: '' }, 'InvalidArgument'],
    ['no detail', { Detail: undefined }, 'InvalidArgument'],
    ['a detail that is no object', { Detail: '[]' }, 'MalformedDetail'],
    ["AWS's own source", { Source: 'aws.ec2' }, 'NotAuthorizedForSourceException'],
    ['another bus', { EventBusName: 'mine' }, 'ResourceNotFoundException'],
  ])('refuses one with %s and takes the others of the call', async (_, wrong, code) => {
    const { FailedEntryCount, Entries } = await put({ ...event, ...wrong }, event)
    expect(FailedEntryCount).toBe(1)
    expect(Entries).toEqual([expect.objectContaining({ ErrorCode: code }), { EventId: expect.any(String) }])
  })

  it('refuses a call with no events, with too many, or with too much', async () => {
    await expect(put()).rejects.toMatchObject({ name: 'ValidationException' })
    await expect(put(...Array.from({ length: 11 }, () => event))).rejects.toThrow(/less than or equal to 10/)
    const Detail = JSON.stringify({ text: 'x'.repeat(262_144) })
    await expect(put({ ...event, Detail })).rejects.toThrow(/over the limit/)
  })

  it('names a call that it lacks', async () => {
    await expect(client.send(new CreateEventBusCommand({ Name: 'mine' }))).rejects.toThrow(
      /no operation CreateEventBus/,
    )
  })
})
