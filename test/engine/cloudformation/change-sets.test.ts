import {
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation'
import { createWorld, group, type World } from './world'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const NAMES = { StackName: 'app', ChangeSetName: 'deploy' }
const described = () => world.client.send(new DescribeChangeSetCommand(NAMES))
const execute = async () => {
  await world.client.send(new ExecuteChangeSetCommand(NAMES))
  return world.settled('app')
}
const changes = async () =>
  ((await described()).Changes ?? []).map(({ ResourceChange: change }) =>
    [change?.Action, change?.LogicalResourceId, change?.Replacement].filter(Boolean).join(' '),
  )
const two = (name: string, retention: number) => ({
  Resources: {
    A: group(name, { RetentionInDays: retention }),
    B: group(undefined, { LogGroupName: { 'Fn::Sub': `/of\${A}` } }),
    C: group('/c'),
  },
})

it('puts a new stack under review until its change set is executed', async () => {
  await world.changeSet('app', two('/a', 1), 'CREATE')
  expect((await world.describe('app')).StackStatus).toBe('REVIEW_IN_PROGRESS')
  expect(world.aws.calls).toEqual([])
  expect(await changes()).toEqual(['Add A', 'Add C', 'Add B'])
  expect(await described()).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' })
  expect((await execute()).StackStatus).toBe('CREATE_COMPLETE')
  await expect(described()).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' })
})

it('shows an update in place, and nothing of what stays', async () => {
  await world.create('app', two('/a', 1))
  await world.changeSet('app', two('/a', 3), 'UPDATE')
  expect(await changes()).toEqual(['Modify A False'])
  const [change] = (await described()).Changes ?? []
  expect(change?.ResourceChange?.Details).toMatchObject([
    { Target: { Name: 'RetentionInDays', RequiresRecreation: 'Never' }, Evaluation: 'Static' },
  ])
})

it('shows a replacement, and that what mentions it may have to be replaced too', async () => {
  await world.create('app', two('/a', 1))
  await world.changeSet('app', two('/z', 1), 'UPDATE')
  expect(await changes()).toEqual(['Modify A True', 'Modify B Conditional'])
})

it('shows what goes', async () => {
  await world.create('app', two('/a', 1))
  await world.changeSet('app', { Resources: { C: group('/c'), D: group('/d') } }, 'UPDATE')
  expect((await changes()).sort()).toEqual(['Add D', 'Remove A', 'Remove B'])
})

it('fails in the words osls looks for when there is nothing to change', async () => {
  await world.create('app', two('/a', 1))
  await world.changeSet('app', two('/a', 1), 'UPDATE')
  expect(await described()).toMatchObject({
    Status: 'FAILED',
    ExecutionStatus: 'UNAVAILABLE',
    StatusReason:
      "The submitted information didn't contain changes. Submit different information to create a change set.",
  })
  await expect(world.client.send(new ExecuteChangeSetCommand(NAMES))).rejects.toMatchObject({
    name: 'InvalidChangeSetStatusException',
  })
})

it('takes an output, a deletion policy or metadata alone for a change', async () => {
  const template = (more: object, outputs: object = {}) => ({
    Resources: { A: group('/a', {}, more) },
    Outputs: outputs,
  })
  await world.create('app', template({}))
  for (const next of [
    template({}, { Name: { Value: { Ref: 'A' } } }),
    template({ DeletionPolicy: 'Retain' }),
    template({ DeletionPolicy: 'Retain', Metadata: { why: 1 } }),
  ]) {
    await world.changeSet('app', next, 'UPDATE')
    expect((await execute()).StackStatus).toBe('UPDATE_COMPLETE')
    await world.changeSet('app', next, 'UPDATE')
    expect((await described()).Status).toBe('FAILED')
    await world.client.send(new DeleteChangeSetCommand(NAMES))
  }
  expect(world.aws.calls).toEqual(['CreateLogGroup /a'])
})

it('deletes a change set, whether or not it exists, but not of a stack that does not', async () => {
  await world.create('app', two('/a', 1))
  await expect(world.client.send(new DeleteChangeSetCommand(NAMES))).resolves.toBeDefined()
  await expect(
    world.client.send(new DeleteChangeSetCommand({ ...NAMES, StackName: 'nobody' })),
  ).rejects.toMatchObject({ name: 'ValidationError', message: 'Stack [nobody] does not exist' })
})

it('will not make a second one of a name, nor a CREATE one for a stack that exists', async () => {
  await world.create('app', two('/a', 1))
  await world.changeSet('app', two('/a', 3), 'UPDATE')
  await expect(world.changeSet('app', two('/a', 5), 'UPDATE')).rejects.toMatchObject({
    name: 'AlreadyExistsException',
  })
  await expect(world.changeSet('app', two('/a', 5), 'CREATE')).rejects.toMatchObject({
    name: 'AlreadyExistsException',
  })
})

it('refuses a type, property or value that it does not have before anything is made', async () => {
  const template = (Type: string, Properties: object) => ({ Resources: { Thing: { Type, Properties } } })
  const refused = (type: string, properties: object) =>
    world.changeSet('app', template(type, properties), 'CREATE')
  await expect(refused('EC2Instance', {})).rejects.toThrow(
    'Template format error: Unrecognized resource types: [EC2Instance] (of Thing)',
  )
  await expect(refused('AWS::Logs::LogGroup', { Colour: 'red' })).rejects.toThrow(
    'Properties validation failed for resource Thing (AWS::Logs::LogGroup) with message:\n#: extraneous key [Colour] is not permitted',
  )
  await expect(refused('AWS::Logs::LogGroup', { RetentionInDays: 'long' })).rejects.toThrow(
    '#/RetentionInDays: expected type: Integer, found: String',
  )
  await expect(world.describe('app')).rejects.toThrow('Stack with id app does not exist')
})

it('asks for the capability that IAM resources need', async () => {
  const role = { AssumeRolePolicyDocument: { Statement: [] }, RoleName: 'mine' }
  const template = { Resources: { Role: { Type: 'AWS::IAM::Role', Properties: role } } }
  await expect(world.changeSet('app', template, 'CREATE')).rejects.toMatchObject({
    name: 'InsufficientCapabilitiesException',
    message: 'Requires capabilities : [CAPABILITY_NAMED_IAM]',
  })
  const stack = await world.create('app', template, { Capabilities: ['CAPABILITY_NAMED_IAM'] })
  expect(stack.StackStatus).toBe('CREATE_COMPLETE')
})
