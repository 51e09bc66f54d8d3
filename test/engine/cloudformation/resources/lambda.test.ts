import {
  GetAliasCommand,
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
} from '@aws-sdk/client-lambda'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { strToU8, zipSync } from 'fflate'
import { arn, lambda, outputs, ref, role, SOURCE, type Stacks, startStacks, UPDATED } from './support'

let stacks: Stacks
beforeAll(async () => {
  stacks = await startStacks()
})
afterAll(() => stacks.close())

describe('a function', () => {
  const upload = (key: string, source: string) =>
    stacks.clients.s3.send(
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
    const { Configuration } = await stacks.clients.lambda.send(
      new GetFunctionCommand({ FunctionName: 'stored' }),
    )
    return Configuration
  }

  it('is left alone when the same code comes under a new key, and updated when it changes', async () => {
    await stacks.clients.s3.send(new CreateBucketCommand({ Bucket: 'code' }))
    await upload('one', SOURCE)
    await upload('two', SOURCE)
    await upload('three', 'exports.handler = async () => 2')
    expect((await stacks.create('function', template('one', { Timeout: '7' }))).status).toBe(
      'CREATE_COMPLETE',
    )
    const first = await get()
    expect(first).toMatchObject({ Timeout: 7, MemorySize: 128 })

    stacks.calls.length = 0
    expect(await stacks.update('function', template('two', { Timeout: 7 }))).toMatchObject(UPDATED)
    expect(stacks.calls.filter((call) => call.startsWith('lambda PUT'))).toEqual([])

    expect(await stacks.update('function', template('three', { Timeout: 7 }))).toMatchObject(UPDATED)
    expect((await get())?.CodeSha256).not.toBe(first?.CodeSha256)
  })

  it('gets the defaults back for what the template no longer says', async () => {
    const Environment = { Variables: { WORDS: 1 } }
    const more = { Environment, MemorySize: 256, Description: 'x' }
    expect(await stacks.update('function', template('three', more))).toMatchObject(UPDATED)
    expect(await get()).toMatchObject({
      Timeout: 3,
      MemorySize: 256,
      Environment: { Variables: { WORDS: '1' } },
    })
    expect(await stacks.update('function', template('three'))).toMatchObject(UPDATED)
    const after = await get()
    expect(after).toMatchObject({ MemorySize: 128, Description: '' })
    expect(after?.Environment?.Variables ?? {}).toEqual({})
    expect((await stacks.remove('function')).status).toBe('DELETE_COMPLETE')
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
  const { status, outputs: made } = await stacks.create('served', template(5, 110))
  expect(status).toBe('CREATE_COMPLETE')
  expect(made).toMatchObject({
    Version: 'arn:aws:lambda:us-east-1:000000000000:function:served:1',
    Alias: 'arn:aws:lambda:us-east-1:000000000000:function:served:live',
    Config: 'served|$LATEST',
    Queue: `${stacks.engine.endpoint}/000000000000/served`,
  })

  expect(await stacks.update('served', template(7, 120))).toMatchObject(UPDATED)
  const UUID = made['Mapping']
  expect(await stacks.clients.lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
    BatchSize: 7,
  })
  const FunctionName = 'served'
  expect(
    await stacks.clients.lambda.send(
      new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier: '$LATEST' }),
    ),
  ).toMatchObject({ MaximumEventAgeInSeconds: 120, MaximumRetryAttempts: 0 })
  expect(await stacks.clients.lambda.send(new GetAliasCommand({ FunctionName, Name: 'live' }))).toMatchObject(
    {
      FunctionVersion: '1',
    },
  )
  const { Policy = '' } = await stacks.clients.lambda.send(new GetPolicyCommand({ FunctionName }))
  expect(JSON.parse(Policy).Statement[0].Sid).toMatch(/^served-Permission-[A-Z0-9]{12}$/)

  expect((await stacks.remove('served')).status).toBe('DELETE_COMPLETE')
  await expect(stacks.clients.lambda.send(new GetEventSourceMappingCommand({ UUID }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  })
})
