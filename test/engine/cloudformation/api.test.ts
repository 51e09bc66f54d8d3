import {
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStackResourcesCommand,
  GetStackPolicyCommand,
  GetTemplateCommand,
  ListExportsCommand,
  ListStacksCommand,
  ListTypesCommand,
  SetStackPolicyCommand,
  UpdateTerminationProtectionCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation'
import { createWorld, group, type World } from './world'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const TEMPLATE = {
  Description: 'One group & <more>',
  Resources: { A: group('/a') },
  Outputs: { Out: { Value: { Ref: 'A' }, Export: { Name: 'shared' } } },
}
const StackName = 'app'

it('answers what DescribeStacks answers of a stack', async () => {
  const Tags = [{ Key: 'STAGE', Value: 'dev' }]
  const stack = await world.create('app', TEMPLATE, { Tags, NotificationARNs: [] })
  expect(stack).toMatchObject({
    StackName,
    Description: 'One group & <more>',
    StackStatus: 'CREATE_COMPLETE',
    Tags,
    DisableRollback: false,
    EnableTerminationProtection: false,
  })
  expect(stack.CreationTime).toBeInstanceOf(Date)
  expect(stack.StackId).toMatch(/^arn:aws:cloudformation:us-east-1:000000000000:stack\/app\/[0-9a-f-]{36}$/)
})

it('answers with one resource or all of a stack, and says in AWS’s words that there is none', async () => {
  await world.create('app', TEMPLATE)
  const one = (LogicalResourceId: string) =>
    world.client.send(new DescribeStackResourceCommand({ StackName, LogicalResourceId }))
  expect((await one('A')).StackResourceDetail).toMatchObject({
    PhysicalResourceId: '/a',
    ResourceType: 'AWS::Logs::LogGroup',
    ResourceStatus: 'CREATE_COMPLETE',
  })
  await expect(one('Nothing')).rejects.toThrow('Resource Nothing does not exist for stack app')
  const { StackResources } = await world.client.send(new DescribeStackResourcesCommand({ StackName }))
  expect(StackResources).toHaveLength(1)
})

it('pages through events, newest first', async () => {
  const Resources = Object.fromEntries([...Array(60).keys()].map((n) => [`G${n}`, group(`/${n}`)]))
  await world.create('app', { Resources })
  const first = await world.client.send(new DescribeStackEventsCommand({ StackName }))
  expect(first.StackEvents).toHaveLength(100)
  expect(first.StackEvents?.[0]).toMatchObject({
    LogicalResourceId: 'app',
    ResourceStatus: 'CREATE_COMPLETE',
  })
  const { NextToken } = first
  const second = await world.client.send(new DescribeStackEventsCommand({ StackName, NextToken }))
  expect(second.StackEvents).toHaveLength(22)
  expect(
    new Set([...(first.StackEvents ?? []), ...(second.StackEvents ?? [])].map((one) => one.EventId)).size,
  ).toBe(122)
})

it('gives the template back as it was submitted', async () => {
  await world.create('app', TEMPLATE)
  const { TemplateBody } = await world.client.send(new GetTemplateCommand({ StackName }))
  expect(JSON.parse(TemplateBody ?? '')).toEqual(TEMPLATE)
})

it('shows exports, lets another stack import them, and refuses a second one of the name', async () => {
  const first = await world.create('app', TEMPLATE)
  const { Exports } = await world.client.send(new ListExportsCommand({}))
  expect(Exports).toEqual([{ Name: 'shared', Value: '/a', ExportingStackId: first.StackId }])
  const imported = { 'Fn::Sub': [`\${Name}/b`, { Name: { 'Fn::ImportValue': 'shared' } }] }
  await world.create('other', { Resources: { B: group(undefined, { LogGroupName: imported }) } })
  expect(world.aws.groups.has('/a/b')).toBe(true)
  const third = await world.create('third', { ...TEMPLATE, Resources: { A: group('/third') } })
  expect(third.StackStatus).toBe('ROLLBACK_COMPLETE')
})

it('validates a template and names its parameters and capabilities', async () => {
  const Parameters = { Stage: { Type: 'String', Default: 'dev' } }
  const TemplateBody = JSON.stringify({ ...TEMPLATE, Parameters })
  const answer = await world.client.send(new ValidateTemplateCommand({ TemplateBody }))
  expect(answer.Parameters).toEqual([{ ParameterKey: 'Stage', DefaultValue: 'dev', NoEcho: false }])
  await expect(
    world.client.send(new ValidateTemplateCommand({ TemplateBody: 'Resources:\n' })),
  ).rejects.toThrow('Template format error: the local engine reads JSON templates only')
})

it('keeps a stack policy', async () => {
  await world.create('app', TEMPLATE)
  await world.client.send(new SetStackPolicyCommand({ StackName, StackPolicyBody: '{"Statement":[]}' }))
  const { StackPolicyBody } = await world.client.send(new GetStackPolicyCommand({ StackName }))
  expect(StackPolicyBody).toBe('{"Statement":[]}')
})

it('does not delete a stack that is protected', async () => {
  await world.create('app', TEMPLATE)
  const protect = (EnableTerminationProtection: boolean) =>
    world.client.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection }))
  await protect(true)
  const remove = () => world.client.send(new DeleteStackCommand({ StackName }))
  await expect(remove()).rejects.toThrow(
    'Stack [app] cannot be deleted while TerminationProtection is enabled',
  )
  await protect(false)
  await expect(remove()).resolves.toBeDefined()
})

it('lists stacks by status', async () => {
  await world.create('app', TEMPLATE)
  const list = async (status: 'CREATE_COMPLETE' | 'DELETE_COMPLETE') => {
    const { StackSummaries = [] } = await world.client.send(
      new ListStacksCommand({ StackStatusFilter: [status] }),
    )
    return StackSummaries.map((stack) => stack.StackName)
  }
  expect(await list('CREATE_COMPLETE')).toEqual(['app'])
  expect(await list('DELETE_COMPLETE')).toEqual([])
})

it('names a call that it does not have', async () => {
  await expect(world.client.send(new ListTypesCommand({}))).rejects.toThrow(
    'The local engine does not support cloudformation:ListTypes',
  )
})
