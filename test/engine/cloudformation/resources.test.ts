import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { CloudWatchLogsClient, DescribeSubscriptionFiltersCommand } from '@aws-sdk/client-cloudwatch-logs'
import { DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  GetAliasCommand,
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { strToU8, zipSync } from 'fflate'
import { DUMMY_CREDENTIALS } from '../../../lib/engine/api'
import { type Engine, startEngine } from '../../../lib/engine/server'

/** The real services of the engine around CloudFormation. */
let engine: Engine
let dataDir: string
const calls: string[] = []
let clients: ReturnType<typeof connect>

const connect = (endpoint: string) => {
  const config = { endpoint, region: 'us-east-1', credentials: DUMMY_CREDENTIALS, maxAttempts: 1 }
  return {
    cloudformation: new CloudFormationClient(config),
    dynamodb: new DynamoDBClient(config),
    lambda: new LambdaClient(config),
    logs: new CloudWatchLogsClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    scheduler: new SchedulerClient(config),
    sqs: new SQSClient(config),
  }
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'resources-'))
  engine = await startEngine({ port: 0, dataDir })
  engine.onCall(({ service, request }) => calls.push(`${service} ${request.method} ${request.path}`))
  clients = connect(engine.endpoint)
})
afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy()
  await engine.close()
  rmSync(dataDir, { recursive: true })
})
beforeEach(() => {
  calls.length = 0
})

const settled = async (StackName: string) => {
  for (;;) {
    const { Stacks = [] } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName }))
    const [stack] = Stacks
    if (!stack?.StackStatus?.endsWith('_IN_PROGRESS')) {
      const outputs = Object.fromEntries(
        (stack?.Outputs ?? []).map((one) => [one.OutputKey, one.OutputValue]),
      )
      const failures = stack?.StackStatus?.match(/ROLLBACK|FAILED/) ? await reasons(stack.StackId ?? '') : []
      return { status: stack?.StackStatus, outputs, failures }
    }
    await turn()
  }
}
const UPDATED = { status: 'UPDATE_COMPLETE', failures: [] }
const Capabilities = ['CAPABILITY_NAMED_IAM' as const]
const create = async (StackName: string, template: object) => {
  const TemplateBody = JSON.stringify(template)
  await clients.cloudformation.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities }))
  return settled(StackName)
}
const update = async (StackName: string, template: object) => {
  const TemplateBody = JSON.stringify(template)
  await clients.cloudformation.send(new UpdateStackCommand({ StackName, TemplateBody, Capabilities }))
  return settled(StackName)
}
const remove = async (StackName: string) => {
  const { Stacks = [] } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName }))
  await clients.cloudformation.send(new DeleteStackCommand({ StackName }))
  return settled(Stacks[0]?.StackId ?? '')
}
const reasons = async (StackName: string) => {
  const { StackEvents = [] } = await clients.cloudformation.send(
    new DescribeStackEventsCommand({ StackName }),
  )
  return StackEvents.flatMap((event) => event.ResourceStatusReason ?? [])
}

const ref = (id: string) => ({ Ref: id })
const arn = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [id, name] })
const outputs = (values: Record<string, unknown>) => ({
  Outputs: Object.fromEntries(Object.entries(values).map(([key, Value]) => [key, { Value }])),
})
const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: 'resources-role',
    AssumeRolePolicyDocument: {
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
  },
}
const lambda = (properties: object) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Handler: 'index.handler', Runtime: 'nodejs20.x', Role: arn('Role'), ...properties },
})
const SOURCE = 'exports.handler = async () => 1'

describe('a function', () => {
  const upload = (key: string, source: string) =>
    clients.s3.send(
      new PutObjectCommand({
        Bucket: 'code',
        Key: key,
        Body: zipSync({ 'index.js': strToU8(source) }, { mtime: '2020-01-01' }),
      }),
    )
  const template = (S3Key: string, more: object = {}) => ({
    Resources: {
      Role: role,
      Function: lambda({ FunctionName: 'stored', Code: { S3Bucket: 'code', S3Key }, ...more }),
    },
  })
  const get = async () => {
    const { Configuration } = await clients.lambda.send(new GetFunctionCommand({ FunctionName: 'stored' }))
    return Configuration
  }

  it('is left alone when the same code comes under a new key, and updated when it changes', async () => {
    await clients.s3.send(new CreateBucketCommand({ Bucket: 'code' }))
    await upload('one', SOURCE)
    await upload('two', SOURCE)
    await upload('three', 'exports.handler = async () => 2')
    expect((await create('function', template('one', { Timeout: '7' }))).status).toBe('CREATE_COMPLETE')
    const first = await get()
    expect(first).toMatchObject({ Timeout: 7, MemorySize: 128 })

    calls.length = 0
    expect(await update('function', template('two', { Timeout: 7 }))).toMatchObject(UPDATED)
    expect(calls.filter((call) => call.startsWith('lambda PUT'))).toEqual([])

    expect(await update('function', template('three', { Timeout: 7 }))).toMatchObject(UPDATED)
    expect((await get())?.CodeSha256).not.toBe(first?.CodeSha256)
  })

  it('gets the defaults back for what the template no longer says', async () => {
    const Environment = { Variables: { WORDS: 1 } }
    const more = { Environment, MemorySize: 256, Description: 'x' }
    expect(await update('function', template('three', more))).toMatchObject(UPDATED)
    expect(await get()).toMatchObject({
      Timeout: 3,
      MemorySize: 256,
      Environment: { Variables: { WORDS: '1' } },
    })
    expect(await update('function', template('three'))).toMatchObject(UPDATED)
    const after = await get()
    expect(after).toMatchObject({ MemorySize: 128, Description: '' })
    expect(after?.Environment?.Variables ?? {}).toEqual({})
    expect((await remove('function')).status).toBe('DELETE_COMPLETE')
    await expect(get()).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})

it('makes what belongs to a function, with the references that AWS documents', async () => {
  const template = (size: number, age: number) => ({
    Resources: {
      Role: role,
      Function: lambda({ FunctionName: 'served', Code: { ZipFile: SOURCE } }),
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'served', VisibilityTimeout: 60 } },
      Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: ref('Function') } },
      Alias: {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          FunctionName: ref('Function'),
          Name: 'live',
          FunctionVersion: arn('Version', 'Version'),
          ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: '1' },
        },
      },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: arn('Function'),
          Action: 'lambda:InvokeFunction',
          Principal: 'logs.amazonaws.com',
        },
      },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: ref('Function'),
          EventSourceArn: arn('Queue'),
          BatchSize: size,
          Enabled: 'false',
        },
      },
      Config: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: ref('Function'),
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 0,
          MaximumEventAgeInSeconds: age,
        },
      },
    },
    ...outputs({
      Version: ref('Version'),
      Alias: ref('Alias'),
      Mapping: ref('Mapping'),
      Config: ref('Config'),
      Queue: ref('Queue'),
    }),
  })
  const { status, outputs: made } = await create('served', template(5, 110))
  expect(status).toBe('CREATE_COMPLETE')
  expect(made).toMatchObject({
    Version: 'arn:aws:lambda:us-east-1:000000000000:function:served:1',
    Alias: 'arn:aws:lambda:us-east-1:000000000000:function:served:live',
    Config: 'served|$LATEST',
    Queue: `${engine.endpoint}/000000000000/served`,
  })

  expect(await update('served', template(7, 120))).toMatchObject(UPDATED)
  const UUID = made['Mapping']
  expect(await clients.lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
    BatchSize: 7,
  })
  const FunctionName = 'served'
  expect(
    await clients.lambda.send(
      new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier: '$LATEST' }),
    ),
  ).toMatchObject({ MaximumEventAgeInSeconds: 120, MaximumRetryAttempts: 0 })
  expect(await clients.lambda.send(new GetAliasCommand({ FunctionName, Name: 'live' }))).toMatchObject({
    FunctionVersion: '1',
  })
  const { Policy = '' } = await clients.lambda.send(new GetPolicyCommand({ FunctionName }))
  expect(JSON.parse(Policy).Statement[0].Sid).toMatch(/^served-Permission-[A-Z0-9]{12}$/)

  expect((await remove('served')).status).toBe('DELETE_COMPLETE')
  await expect(clients.lambda.send(new GetEventSourceMappingCommand({ UUID }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  })
})

test('what the engine has nothing of is known by name, so that the rest of a service deploys beside it', async () => {
  const template = (description: string) => ({
    Resources: {
      Role: role,
      Layer: { Type: 'AWS::Lambda::LayerVersion', Properties: { LayerName: 'tools', Content: {} } },
      F: lambda({ FunctionName: 'layered', Code: { ZipFile: SOURCE }, Layers: [ref('Layer')] }),
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: { Description: description, Targets: [{ Id: 'f', Arn: arn('F') }] },
      },
      Cluster: { Type: 'AWS::RDS::DBCluster', Properties: { Engine: 'aurora-postgresql' } },
      Url: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE', TargetFunctionArn: arn('F') } },
      Seed: { Type: 'Custom::Seed', Properties: { ServiceToken: arn('F'), Cluster: ref('Cluster') } },
    },
    ...outputs({ rule: arn('Rule'), host: arn('Cluster', 'Endpoint.Address') }),
  })
  const created = await create('elsewhere', template('first'))
  expect(created).toMatchObject({ status: 'CREATE_COMPLETE', failures: [] })
  expect(created.outputs['rule']).toMatch(/^arn:aws:events:us-east-1:\d{12}:elsewhere-Rule-/)
  expect(created.outputs['host']).toMatch(/^elsewhere-Cluster-\w+-Endpoint\.Address$/)
  expect(await update('elsewhere', template('second'))).toMatchObject({
    status: 'UPDATE_COMPLETE',
    outputs: created.outputs,
  })
  expect(await remove('elsewhere')).toMatchObject({ status: 'DELETE_COMPLETE' })
})

describe('a table', () => {
  const index = (name: string) => ({
    IndexName: name,
    KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' }],
    Projection: { ProjectionType: 'ALL' },
  })
  const table = (properties: object = {}, more: object = {}) => ({
    Resources: {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: 'things',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
          ...properties,
        },
        ...more,
      },
    },
    ...outputs({ Arn: arn('Table') }),
  })
  it('is ACTIVE when its stack is complete, and says that its indexes cannot be changed', async () => {
    const { outputs: made } = await create('tables', table())
    expect(made['Arn']).toBe('arn:aws:dynamodb:us-east-1:000000000000:table/things')
    const AttributeDefinitions = ['id', 'other'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    }))
    const more = { AttributeDefinitions, GlobalSecondaryIndexes: [index('by-other')] }
    expect((await create('indexed', table({ TableName: 'indexed', ...more }))).status).toBe('CREATE_COMPLETE')
    expect(await update('tables', table(more))).toMatchObject({
      status: 'UPDATE_ROLLBACK_COMPLETE',
      failures: expect.arrayContaining([expect.stringContaining('cannot change the indexes of a table')]),
    })
  })

  it('has the time to live that the template names, changed and taken out as well', async () => {
    const described = async () =>
      (await clients.dynamodb.send(new DescribeTimeToLiveCommand({ TableName: 'things' })))
        .TimeToLiveDescription
    expect(await described()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' })
    const TimeToLiveSpecification = { AttributeName: 'gone', Enabled: true }
    expect(await update('tables', table({ TimeToLiveSpecification }))).toMatchObject(UPDATED)
    expect(await described()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'gone' })
    expect(await update('tables', table({ TimeToLiveSpecification: undefined }))).toMatchObject(UPDATED)
    expect(await described()).toEqual({ TimeToLiveStatus: 'DISABLED' })
  })

  it('changes how it is billed', async () => {
    const ProvisionedThroughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 2 }
    const provisioned = table({ BillingMode: 'PROVISIONED', ProvisionedThroughput })
    expect(await update('tables', provisioned)).toMatchObject(UPDATED)
    const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: 'things' }))
    expect(Table?.ProvisionedThroughput).toMatchObject(ProvisionedThroughput)
  })

  it('is not deleted while it is protected, and fails a second stack once it is retained', async () => {
    expect(await update('tables', table({ DeletionProtectionEnabled: true }))).toMatchObject(UPDATED)
    expect((await remove('tables')).status).toBe('DELETE_FAILED')
    expect(await reasons('tables')).toContainEqual(expect.stringContaining('protected against deletion'))

    await create('kept', {
      Resources: { ...table({ TableName: 'kept' }, { DeletionPolicy: 'Retain' }).Resources },
    })
    await remove('kept')
    expect((await create('kept', table({ TableName: 'kept' }))).status).toBe('ROLLBACK_COMPLETE')
    expect(await reasons('kept')).toContain(
      "Resource of type 'AWS::DynamoDB::Table' with identifier 'kept' already exists. (HandlerErrorCode: AlreadyExists)",
    )
    const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: 'kept' }))
    expect(Table?.TableStatus).toBe('ACTIVE')
  })
})

it('makes, changes and removes queues, schedules, log groups and filters', async () => {
  const template = (seconds: number, expression: string, pattern: string) => ({
    Resources: {
      Role: role,
      Dead: { Type: 'AWS::SQS::Queue' },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          QueueName: 'work',
          VisibilityTimeout: seconds,
          RedrivePolicy: { deadLetterTargetArn: arn('Dead'), maxReceiveCount: 5 },
        },
      },
      QueuePolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [ref('Queue')],
          PolicyDocument: {
            Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }],
          },
        },
      },
      Group: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: 'group' } },
      Schedule: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          Name: 'tick',
          GroupName: ref('Group'),
          State: 'DISABLED',
          ScheduleExpression: expression,
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: { Arn: arn('Queue'), RoleArn: arn('Role'), Input: '{}' },
        },
      },
      Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/work', RetentionInDays: 14 } },
      Function: lambda({ FunctionName: 'judge', Code: { ZipFile: SOURCE } }),
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: ref('Function'),
          Action: 'lambda:InvokeFunction',
          Principal: 'logs.amazonaws.com',
        },
      },
      Filter: {
        Type: 'AWS::Logs::SubscriptionFilter',
        DependsOn: 'Permission',
        Properties: { LogGroupName: ref('Logs'), FilterPattern: pattern, DestinationArn: arn('Function') },
      },
    },
    ...outputs({
      Group: arn('Group'),
      Schedule: arn('Schedule'),
      Tick: ref('Schedule'),
      Filter: ref('Filter'),
    }),
  })
  const { status, outputs: made } = await create('work', template(60, 'rate(5 minutes)', 'ERROR'))
  expect({ status, reasons: await reasons('work') }).toMatchObject({ status: 'CREATE_COMPLETE' })
  expect(made).toMatchObject({
    Group: 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/group',
    Schedule: 'arn:aws:scheduler:us-east-1:000000000000:schedule/group/tick',
    Tick: 'tick',
    Filter: expect.stringMatching(/^work-Filter-[A-Z0-9]{12}$/),
  })

  expect(await update('work', template(90, 'rate(7 minutes)', ''))).toMatchObject(UPDATED)
  const QueueUrl = `${engine.endpoint}/000000000000/work`
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  )
  expect(Attributes).toMatchObject({ VisibilityTimeout: '90' })
  expect(JSON.parse(Attributes?.['RedrivePolicy'] ?? '')).toMatchObject({ maxReceiveCount: 5 })
  const tick = () => clients.scheduler.send(new GetScheduleCommand({ GroupName: 'group', Name: 'tick' }))
  expect((await tick()).ScheduleExpression).toBe('rate(7 minutes)')
  const { subscriptionFilters = [] } = await clients.logs.send(
    new DescribeSubscriptionFiltersCommand({ logGroupName: '/work' }),
  )
  expect(subscriptionFilters.map((filter) => filter.filterPattern)).toEqual([''])

  expect((await remove('work')).status).toBe('DELETE_COMPLETE')
  await expect(tick()).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  await expect(
    clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })),
  ).rejects.toThrow()
})
