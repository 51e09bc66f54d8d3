import {
  DeleteStackCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation'
import { createWorld, group, type World } from './world'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const IMPORTING = { ImportExistingResources: true }
const RETAIN = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }
const kept = { Resources: { Kept: group('/kept', { RetentionInDays: 3 }, RETAIN) } }

async function removed(): Promise<void> {
  const { StackId } = await world.create('app', kept)
  await world.client.send(new DeleteStackCommand({ StackName: 'app' }))
  expect(await world.settled(StackId ?? '')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' })
  expect([...world.aws.groups.keys()]).toEqual(['/kept'])
}

async function actions(name: string): Promise<string[]> {
  const { Changes = [] } = await world.client.send(
    new DescribeChangeSetCommand({ StackName: name, ChangeSetName: 'deploy' }),
  )
  return Changes.map(({ ResourceChange }) => `${ResourceChange?.Action} ${ResourceChange?.LogicalResourceId}`)
}

async function execute(name: string): Promise<string | undefined> {
  await world.client.send(new ExecuteChangeSetCommand({ StackName: name, ChangeSetName: 'deploy' }))
  return (await world.settled(name)).StackStatus
}

it('takes over what an earlier stack has left behind, and leaves it as it is', async () => {
  await removed()
  const template = { Resources: { ...kept.Resources, New: group('/new') } }
  await world.changeSet('app', template, 'CREATE', IMPORTING)
  expect((await actions('app')).sort()).toEqual(['Add New', 'Import Kept'])
  world.aws.calls.length = 0
  expect(await execute('app')).toBe('CREATE_COMPLETE')
  expect(await world.events('app')).toEqual(expect.arrayContaining(['Kept IMPORT_COMPLETE']))
  expect(world.aws.calls).not.toContain('CreateLogGroup /kept')

  const changed = { Resources: { Kept: group('/kept', { RetentionInDays: 5 }, RETAIN) } }
  expect((await world.update('app', changed)).StackStatus).toBe('UPDATE_COMPLETE')
  expect(world.aws.groups.get('/kept')).toEqual({ retention: 5 })
})

it('makes it anew where nothing is left behind', async () => {
  await world.changeSet('app', kept, 'CREATE', IMPORTING)
  expect(await actions('app')).toEqual(['Add Kept'])
  expect(await execute('app')).toBe('CREATE_COMPLETE')
})

it.each([
  ['without being asked to', kept, {}],
  ['without a policy that keeps it', { Resources: { Kept: group('/kept') } }, IMPORTING],
  [
    'under a name that is worked out',
    { Resources: { Kept: group(undefined, { LogGroupName: { 'Fn::Sub': '/kept' } }, RETAIN) } },
    IMPORTING,
  ],
])('takes nothing over %s', async (_, template, more) => {
  await removed()
  await world.changeSet('app', template, 'CREATE', more)
  expect(await actions('app')).toEqual(['Add Kept'])
  expect(await execute('app')).toBe('ROLLBACK_COMPLETE')
  expect(await world.reasons('app')).toContainEqual(expect.stringContaining('already exists'))
  expect([...world.aws.groups.keys()]).toEqual(['/kept'])
})

it('takes nothing over that another stack has', async () => {
  await world.create('other', kept)
  await world.changeSet('app', kept, 'CREATE', IMPORTING)
  expect(await actions('app')).toEqual(['Add Kept'])
  expect(await execute('app')).toBe('ROLLBACK_COMPLETE')
})

it.each(['Retain', 'RetainExceptOnCreate'])(
  'keeps what it took over (%s) when all else fails',
  async (policy) => {
    await removed()
    const Kept = group('/kept', {}, { DeletionPolicy: policy, UpdateReplacePolicy: 'Retain' })
    const Broken = group('/broken', {}, { DependsOn: 'Kept' })
    world.aws.fail('CreateLogGroup /broken', 'InvalidParameterException', 'No.')
    await world.changeSet('app', { Resources: { Kept, Broken } }, 'CREATE', IMPORTING)
    expect(await execute('app')).toBe('ROLLBACK_COMPLETE')
    expect([...world.aws.groups.keys()]).toEqual(['/kept'])
  },
)
