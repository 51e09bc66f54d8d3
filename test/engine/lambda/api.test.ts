import { createHash } from 'node:crypto'
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetAccountSettingsCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionRecursionConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  ListAliasesCommand,
  ListFunctionEventInvokeConfigsCommand,
  ListFunctionsCommand,
  ListLayersCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  PutFunctionRecursionConfigCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { DUMMY_CREDENTIALS } from '../../../lib/engine/api'
import { node, startWorld, type World, zip } from './support'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:f'
const code = zip({ 'index.js': 'exports.handler = async () => 1' })
const other = zip({ 'index.js': 'exports.handler = async () => 2' })
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64')

let world: World
let send: World['lambda']['send']
beforeEach(async () => {
  world = await startWorld()
  send = world.lambda.send.bind(world.lambda)
  await send(new CreateFunctionCommand({ ...node('f'), Code: { ZipFile: code }, Tags: { team: 'a' } }))
})
afterEach(() => world.close())

test('a new function is active and shows its settings, defaults and the hash of its code', async () => {
  const shown = {
    FunctionName: 'f',
    FunctionArn: ARN,
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Timeout: 3,
    MemorySize: 128,
    CodeSize: code.length,
    CodeSha256: sha256(code),
    Version: '$LATEST',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    RevisionId: expect.any(String),
    LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
    LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/f' },
  }
  expect(await send(new GetFunctionCommand({ FunctionName: 'f' }))).toMatchObject({
    Configuration: shown,
    Tags: { team: 'a' },
  })
  expect(await send(new GetFunctionConfigurationCommand({ FunctionName: ARN }))).toMatchObject(shown)
  expect((await send(new ListFunctionsCommand({}))).Functions).toMatchObject([shown])
})

test('code comes from a bucket, and a missing object is named', async () => {
  const withBuckets = await startWorld({ queues: true })
  const s3 = new S3Client({
    endpoint: withBuckets.door.endpoint,
    region: 'us-east-1',
    credentials: DUMMY_CREDENTIALS,
    forcePathStyle: true,
  })
  try {
    await s3.send(new CreateBucketCommand({ Bucket: 'code' }))
    await s3.send(new PutObjectCommand({ Bucket: 'code', Key: 'a/f.zip', Body: code }))
    const create = (S3Key: string) =>
      withBuckets.lambda.send(new CreateFunctionCommand({ ...node('f'), Code: { S3Bucket: 'code', S3Key } }))
    expect(await create('a/f.zip')).toMatchObject({ CodeSha256: sha256(code) })
    await withBuckets.lambda.send(new DeleteFunctionCommand({ FunctionName: 'f' }))
    await expect(create('none.zip')).rejects.toThrow(/S3 Error Code: NoSuchKey.*code\/none.zip/)
  } finally {
    s3.destroy()
    await withBuckets.close()
  }
})

test('updates change what they name, and the revision', async () => {
  const before = await send(new GetFunctionConfigurationCommand({ FunctionName: 'f' }))
  const FunctionName = 'f'
  await send(
    new UpdateFunctionConfigurationCommand({
      FunctionName,
      Timeout: 9,
      Environment: { Variables: { KEY: 'v' } },
    }),
  )
  const after = await send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: other }))
  expect(after).toMatchObject({
    Timeout: 9,
    MemorySize: 128,
    Environment: { Variables: { KEY: 'v' } },
    CodeSha256: sha256(other),
  })
  expect(after.RevisionId).not.toBe(before.RevisionId)
  const outdated = new UpdateFunctionConfigurationCommand({
    FunctionName,
    RevisionId: String(before.RevisionId),
  })
  await expect(send(outdated)).rejects.toMatchObject({ name: 'PreconditionFailedException' })
})

test('functions, versions, aliases and the rest are there after a restart', async () => {
  await send(new PublishVersionCommand({ FunctionName: 'f' }))
  await send(new CreateAliasCommand({ FunctionName: 'f', Name: 'live', FunctionVersion: '1' }))
  await world.restart()
  const answer = await send(new InvokeCommand({ FunctionName: 'f', Qualifier: 'live' }))
  expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '1' })
  expect(answer.FunctionError).toBeUndefined()
})

test('publishing makes a version only when something changed', async () => {
  const publish = () => send(new PublishVersionCommand({ FunctionName: 'f' }))
  expect(await publish()).toMatchObject({ Version: '1', FunctionArn: `${ARN}:1` })
  expect(await publish()).toMatchObject({ Version: '1' })
  await send(new UpdateFunctionCodeCommand({ FunctionName: 'f', ZipFile: other }))
  expect(await publish()).toMatchObject({ Version: '2', CodeSha256: sha256(other) })
  const { Versions } = await send(new ListVersionsByFunctionCommand({ FunctionName: 'f' }))
  expect(Versions?.map(({ Version }) => Version)).toEqual(['$LATEST', '1', '2'])
})

test('an alias leads to its version and cannot lose it', async () => {
  const FunctionName = 'f'
  await send(new PublishVersionCommand({ FunctionName }))
  const alias = { AliasArn: `${ARN}:live`, Name: 'live', FunctionVersion: '1' }
  expect(
    await send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' })),
  ).toMatchObject(alias)
  expect(await send(new GetAliasCommand({ FunctionName, Name: 'live' }))).toMatchObject(alias)
  await expect(send(new DeleteFunctionCommand({ FunctionName, Qualifier: '1' }))).rejects.toMatchObject({
    name: 'ResourceConflictException',
  })
  await send(new UpdateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '$LATEST' }))
  expect((await send(new ListAliasesCommand({ FunctionName }))).Aliases).toMatchObject([
    { FunctionVersion: '$LATEST' },
  ])
  await send(new DeleteAliasCommand({ FunctionName, Name: 'live' }))
  await expect(send(new GetAliasCommand({ FunctionName, Name: 'live' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  })
})

test('event invoke configurations belong to a qualifier; put replaces, update merges', async () => {
  const FunctionName = 'f'
  const OnFailure = { Destination: 'arn:aws:sqs:us-east-1:000000000000:failed' }
  const put = await send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName,
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure },
    }),
  )
  expect(put).toMatchObject({ FunctionArn: `${ARN}:$LATEST`, LastModified: expect.any(Date) })
  await send(new UpdateFunctionEventInvokeConfigCommand({ FunctionName, MaximumEventAgeInSeconds: 60 }))
  const merged = { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60, DestinationConfig: { OnFailure } }
  expect(await send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))).toMatchObject(merged)
  const { FunctionEventInvokeConfigs } = await send(
    new ListFunctionEventInvokeConfigsCommand({ FunctionName }),
  )
  expect(FunctionEventInvokeConfigs).toHaveLength(1)
  await send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }))
  await expect(send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  })
})

test('permissions become statements of the resource policy', async () => {
  const FunctionName = 'f'
  const permission = {
    FunctionName,
    StatementId: 'logs',
    Action: 'lambda:InvokeFunction',
    Principal: 'logs.amazonaws.com',
    SourceArn: 'arn:aws:logs:us-east-1:000000000000:log-group:g:*',
    SourceAccount: '000000000000',
  }
  await send(new AddPermissionCommand(permission))
  await expect(send(new AddPermissionCommand(permission))).rejects.toMatchObject({
    name: 'ResourceConflictException',
  })
  const { Policy } = await send(new GetPolicyCommand({ FunctionName }))
  expect(JSON.parse(String(Policy)).Statement).toEqual([
    {
      Sid: 'logs',
      Effect: 'Allow',
      Principal: { Service: 'logs.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource: ARN,
      Condition: {
        StringEquals: { 'AWS:SourceAccount': '000000000000' },
        ArnLike: { 'AWS:SourceArn': permission.SourceArn },
      },
    },
  ])
  await send(new RemovePermissionCommand({ FunctionName, StatementId: 'logs' }))
  await expect(send(new GetPolicyCommand({ FunctionName }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  })
})

test('concurrency, recursion configuration, tags and account settings are kept', async () => {
  const FunctionName = 'f'
  await send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }))
  await expect(send(new InvokeCommand({ FunctionName }))).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
  })
  await send(new DeleteFunctionConcurrencyCommand({ FunctionName }))
  const { ReservedConcurrentExecutions } = await send(new GetFunctionConcurrencyCommand({ FunctionName }))
  expect(ReservedConcurrentExecutions).toBeUndefined()

  await send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: 'Allow' }))
  expect(await send(new GetFunctionRecursionConfigCommand({ FunctionName }))).toMatchObject({
    RecursiveLoop: 'Allow',
  })

  await send(new TagResourceCommand({ Resource: ARN, Tags: { owner: 'b' } }))
  await send(new UntagResourceCommand({ Resource: ARN, TagKeys: ['team'] }))
  expect((await send(new ListTagsCommand({ Resource: ARN }))).Tags).toEqual({ owner: 'b' })
  expect((await send(new GetAccountSettingsCommand({}))).AccountUsage).toMatchObject({ FunctionCount: 1 })
})

test('a deleted function is gone', async () => {
  await send(new DeleteFunctionCommand({ FunctionName: 'f' }))
  await expect(send(new GetFunctionCommand({ FunctionName: 'f' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Function not found: ${ARN}`,
  })
})

test.each([
  [
    'file systems',
    { FileSystemConfigs: [{ Arn: 'arn:aws:elasticfilesystem:x', LocalMountPath: '/mnt/x' }] },
    /file systems are not supported/,
  ],
  ['a runtime it lacks', { Runtime: 'java21' as const }, /Runtime.*nodejs\*\.x and python3\.\*/],
  ['a parameter it lacks', { DurableConfig: { ExecutionTimeout: 1 } }, /DurableConfig: not supported/],
  ['a time-out out of range', { Timeout: 901 }, /Timeout.*<=900/],
  [
    'a reserved variable',
    { Environment: { Variables: { AWS_REGION: 'x' } } },
    /Reserved keys used in this request: AWS_REGION/,
  ],
  ['code that is no zip', { Code: { ZipFile: Buffer.from('no') } }, /Could not unzip uploaded file/],
])('refuses %s with a message that names it', async (_title, change, message) => {
  const create = send(new CreateFunctionCommand({ ...node('g'), Code: { ZipFile: code }, ...change }))
  await expect(create).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: expect.stringMatching(message),
  })
})

test('refuses what is there already, a payload that is no JSON, and an operation it lacks', async () => {
  const again = new CreateFunctionCommand({ ...node('f'), Code: { ZipFile: code } })
  await expect(send(again)).rejects.toMatchObject({ name: 'ResourceConflictException' })
  const bad = new InvokeCommand({ FunctionName: 'f', Payload: Buffer.from('{') })
  await expect(send(bad)).rejects.toMatchObject({
    name: 'InvalidRequestContentException',
    message: expect.stringMatching(
      /^Could not parse request body into json: Could not parse payload into json: ./,
    ),
  })
  await expect(send(new ListLayersCommand({}))).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('GET /2018-10-31/layers'),
  })
})

test.each([
  [
    'a function that is not there',
    { FunctionName: 'g' },
    { name: 'ResourceNotFoundException', message: `Function not found: ${ARN.replace(/f$/, 'g')}:$LATEST` },
  ],
  [
    'a qualifier that is not there',
    { FunctionName: 'f', Qualifier: 'live' },
    { name: 'ResourceNotFoundException', message: `Function not found: ${ARN}:live` },
  ],
  [
    'what is no name',
    { FunctionName: 'a b' },
    {
      name: 'ValidationException',
      message: expect.stringMatching(
        /^1 validation error detected: Value 'a b' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ./,
      ),
    },
  ],
  [
    'a type there is none of',
    { FunctionName: 'f', InvocationType: 'Later' as 'Event' },
    {
      name: 'ValidationException',
      message: expect.stringContaining("Value 'Later' at 'invocationType' failed to satisfy constraint"),
    },
  ],
  [
    'more than an event holds',
    { FunctionName: 'f', InvocationType: 'Event' as const, Payload: Buffer.alloc(1_048_577, '1') },
    {
      name: 'RequestEntityTooLargeException',
      message: '1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)',
    },
  ],
])('an invocation of %s is refused in the words of AWS', async (_title, input, error) => {
  await expect(send(new InvokeCommand(input))).rejects.toMatchObject(error)
})

// SDKs for other languages hand the members of an error on as they are spelt.
test('the message of a resource that is not there is spelt as in its shape, with a capital', async () => {
  const authorization = 'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/lambda/aws4_request'
  const answer = await fetch(`${world.door.endpoint}/2015-03-31/functions/g`, { headers: { authorization } })
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({
    Type: 'User',
    Message: `Function not found: ${ARN.replace(/f$/, 'g')}`,
  })
})
