import { CreateStackCommand, DeleteStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation'
import { createWorld, group, type World } from './world'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const body = (template: object) => JSON.stringify(template)
/** Kills the service while `call` is on its way; the call itself is carried out. */
const killAt = async (call: string, begin: () => Promise<unknown>) => {
  const held = world.aws.hold(call)
  await begin()
  await held.reached
  const over = world.kill()
  held.release()
  await over
}

it('keeps stacks, outputs and events over a restart', async () => {
  await world.create('app', { Resources: { A: group('/a') }, Outputs: { A: { Value: { Ref: 'A' } } } })
  const events = await world.events('app')
  await world.restart()
  expect(await world.describe('app')).toMatchObject({
    StackStatus: 'CREATE_COMPLETE',
    Outputs: [{ OutputKey: 'A', OutputValue: '/a' }],
  })
  expect(await world.events('app')).toEqual(events)
})

it('brings a create that was cut off to its end with the next deploy, and takes up what it had begun', async () => {
  const template = {
    Resources: { A: group('/a', { RetentionInDays: 1 }), B: group('/b', {}, { DependsOn: 'A' }) },
  }
  await killAt('CreateLogGroup /a', () =>
    world.client.send(new CreateStackCommand({ StackName: 'app', TemplateBody: body(template) })),
  )
  expect((await world.describe('app')).StackStatus).toBe('CREATE_FAILED')
  world.aws.groups.set('/a', {})

  expect((await world.update('app', template)).StackStatus).toBe('UPDATE_COMPLETE')
  expect(Object.fromEntries(world.aws.groups)).toEqual({ '/a': { retention: 1 }, '/b': {} })
})

it('takes up a create that was cut off half-way through a resource whose attributes others need', async () => {
  const template = {
    Resources: {
      A: group('/a', { RetentionInDays: 1 }),
      B: group('/b', { Tags: [{ Key: 'beside', Value: { 'Fn::GetAtt': ['A', 'Arn'] } }] }),
    },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['A', 'Arn'] } } },
  }
  await killAt('PutRetentionPolicy /a', () =>
    world.client.send(new CreateStackCommand({ StackName: 'app', TemplateBody: body(template) })),
  )
  expect((await world.update('app', template)).StackStatus).toBe('UPDATE_COMPLETE')
  expect([...world.aws.groups.keys()]).toEqual(['/a', '/b'])
  expect((await world.describe('app')).Outputs?.[0]?.OutputValue).toMatch(/log-group:\/a/)
})

it('applies an update anew that was cut off, though its template has not changed since', async () => {
  const template = (days: number) => ({ Resources: { A: group('/a', { RetentionInDays: days }) } })
  await world.create('app', template(1))
  await killAt('PutRetentionPolicy /a', () =>
    world.client.send(new UpdateStackCommand({ StackName: 'app', TemplateBody: body(template(3)) })),
  )
  expect((await world.describe('app')).StackStatus).toBe('UPDATE_FAILED')
  world.aws.groups.set('/a', { retention: 1 })
  expect((await world.update('app', template(3))).StackStatus).toBe('UPDATE_COMPLETE')
  expect(world.aws.groups.get('/a')).toEqual({ retention: 3 })
})

it('deletes with the next deploy what a cleanup that was cut off had left', async () => {
  const template = (names: string[]) => ({
    Resources: Object.fromEntries(names.map((name) => [name, group(`/${name}`)])),
  })
  await world.create('app', template(['a', 'b']))
  await killAt('DeleteLogGroup /b', () =>
    world.client.send(new UpdateStackCommand({ StackName: 'app', TemplateBody: body(template(['a'])) })),
  )
  expect((await world.describe('app')).StackStatus).toBe('UPDATE_COMPLETE')
  world.aws.groups.set('/b', {})
  await world.update('app', template(['a']))
  expect([...world.aws.groups.keys()]).toEqual(['/a'])
})

it('lets a removal that was cut off be repeated', async () => {
  await world.create('app', { Resources: { A: group('/a'), B: group('/b', {}, { DependsOn: 'A' }) } })
  const { StackId = '' } = await world.describe('app')
  const remove = () => world.client.send(new DeleteStackCommand({ StackName: 'app' }))
  await killAt('DeleteLogGroup /b', remove)
  expect((await world.describe('app')).StackStatus).toBe('DELETE_FAILED')
  await remove()
  expect((await world.settled(StackId)).StackStatus).toBe('DELETE_COMPLETE')
  expect(world.aws.groups.size).toBe(0)
})

it('goes on from where it was when the engine is closed in the middle', async () => {
  const template = { Resources: { A: group('/a'), B: group('/b', {}, { DependsOn: 'A' }) } }
  const held = world.aws.hold('CreateLogGroup /a')
  await world.client.send(new CreateStackCommand({ StackName: 'app', TemplateBody: body(template) }))
  await held.reached
  const restarted = world.restart()
  held.release()
  await restarted
  world.aws.calls.length = 0
  expect((await world.update('app', template)).StackStatus).toBe('UPDATE_COMPLETE')
  expect(world.aws.calls).toEqual(['CreateLogGroup /b'])
})

describe('after a kill in the middle of the rollback of a create', () => {
  const template = (last: string) => ({
    Resources: {
      A: group('/a'),
      B: group('/b', {}, { DependsOn: 'A' }),
      C: group(last, {}, { DependsOn: 'B' }),
    },
  })
  beforeEach(async () => {
    world.aws.groups.set('/taken', {})
    await killAt('DeleteLogGroup /b', () =>
      world.client.send(new CreateStackCommand({ StackName: 'app', TemplateBody: body(template('/taken')) })),
    )
    expect((await world.describe('app')).StackStatus).toBe('CREATE_FAILED')
    expect([...world.aws.groups.keys()]).toEqual(['/taken', '/a'])
  })

  it('deploys again over what is still there', async () => {
    expect((await world.update('app', template('/c'))).StackStatus).toBe('UPDATE_COMPLETE')
    expect([...world.aws.groups.keys()].sort()).toEqual(['/a', '/b', '/c', '/taken'])
  })

  it('removes it', async () => {
    const { StackId = '' } = await world.describe('app')
    await world.client.send(new DeleteStackCommand({ StackName: 'app' }))
    expect((await world.settled(StackId)).StackStatus).toBe('DELETE_COMPLETE')
    expect([...world.aws.groups.keys()]).toEqual(['/taken'])
  })
})

it('forgets a stack that was only under review, since osls deploys over none', async () => {
  await world.changeSet('app', { Resources: { A: group('/a') } }, 'CREATE')
  await world.restart()
  await expect(world.describe('app')).rejects.toThrow('Stack with id app does not exist')
})
