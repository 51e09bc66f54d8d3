import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionRecursionConfigCommand,
  type RecursiveLoop,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  type UpdateFunctionConfigurationCommandInput,
} from '@aws-sdk/client-lambda'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { strToU8, zipSync } from 'fflate'
import { unlessMissing } from './missing'
import { strings, tagList } from './shape'
import { mutable, type Properties, type ResourceContext, type ResourceType, replaces } from './type'
import { until } from './wait'

/**
 * CreateFunction and UpdateFunctionConfiguration call these as CloudFormation does; with what
 * UpdateFunctionConfiguration must be told to bring back the default where the template says nothing more.
 */
const CONFIGURATION: Record<string, unknown> = {
  DeadLetterConfig: { TargetArn: '' },
  Description: '',
  Environment: { Variables: {} },
  EphemeralStorage: { Size: 512 },
  Handler: undefined,
  KmsKeyArn: '',
  Layers: [],
  LoggingConfig: { LogFormat: 'Text' },
  MemorySize: 128,
  Role: undefined,
  Runtime: undefined,
  SnapStart: { ApplyOn: 'None' },
  Timeout: 3,
  TracingConfig: { Mode: 'PassThrough' },
  VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
}

type Code = { S3Bucket?: string; S3Key?: string; S3ObjectVersion?: string; ZipFile?: string }

export const lambdaFunction: ResourceType = {
  type: 'AWS::Lambda::Function',
  properties: {
    FunctionName: replaces('string'),
    PackageType: replaces('string'),
    Architectures: mutable(strings),
    Code: mutable({
      fields: { S3Bucket: 'string', S3Key: 'string', S3ObjectVersion: 'string', ZipFile: 'string' },
    }),
    DeadLetterConfig: mutable({ fields: { TargetArn: 'string' } }),
    Description: mutable('string'),
    Environment: mutable({ fields: { Variables: { map: 'string' } } }),
    EphemeralStorage: mutable({ fields: { Size: 'integer' }, required: ['Size'] }),
    Handler: mutable('string'),
    KmsKeyArn: mutable('string'),
    Layers: mutable(strings),
    LoggingConfig: mutable({
      fields: {
        ApplicationLogLevel: 'string',
        LogFormat: 'string',
        LogGroup: 'string',
        SystemLogLevel: 'string',
      },
    }),
    MemorySize: mutable('integer'),
    RecursiveLoop: mutable('string'),
    ReservedConcurrentExecutions: mutable('integer'),
    Role: mutable('string'),
    Runtime: mutable('string'),
    SnapStart: mutable({ fields: { ApplyOn: 'string' }, required: ['ApplyOn'] }),
    Tags: mutable(tagList),
    Timeout: mutable('integer'),
    TracingConfig: mutable({ fields: { Mode: 'string' } }),
    VpcConfig: mutable({
      fields: { Ipv6AllowedForDualStack: 'boolean', SecurityGroupIds: strings, SubnetIds: strings },
    }),
  },
  required: ['Code', 'Role'],
  attributes: ['Arn'],
  name: { property: 'FunctionName', limit: 64 },

  async create(properties, context) {
    const { lambda } = context.clients
    const created = await lambda.send(
      new CreateFunctionCommand({
        ...functionInput(properties),
        FunctionName: context.name,
        Role: String(properties['Role']),
        Code: codeInput(properties),
      } as CreateFunctionCommandInput),
    )
    context.made(context.name)
    await settled(context.name, context, created.State === 'Pending')
    await setConcurrency(context.name, {}, properties, context)
    await setRecursion(context.name, {}, properties, context)
    return { physicalId: context.name, attributes: { Arn: created.FunctionArn ?? '' } }
  },

  async update({ physicalId, properties: before }, after, context) {
    await updateCode(physicalId, before, after, context)
    await updateConfiguration(physicalId, before, after, context)
    await setConcurrency(physicalId, before, after, context)
    await setRecursion(physicalId, before, after, context)
    return undefined
  },

  async delete({ physicalId }, { clients }) {
    await unlessMissing(clients.lambda.send(new DeleteFunctionCommand({ FunctionName: physicalId })))
  },

  async find(_, { clients, name }) {
    const found = await unlessMissing(
      clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
    )
    return found && { physicalId: name, attributes: { Arn: found.FunctionArn ?? '' } }
  },
}

function functionInput(properties: Properties): Record<string, unknown> {
  const {
    KmsKeyArn,
    Tags,
    Code: _,
    RecursiveLoop: __,
    ReservedConcurrentExecutions: ___,
    ...same
  } = properties
  return {
    ...same,
    ...(KmsKeyArn === undefined ? {} : { KMSKeyArn: KmsKeyArn }),
    ...(Tags === undefined ? {} : { Tags: tagMap(Tags) }),
  }
}

function tagMap(tags: unknown): Record<string, string> {
  return Object.fromEntries((tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]))
}

/** Inline source becomes a file named `index`, as CloudFormation does it (AWS::Lambda::Function Code, ZipFile). */
function codeInput(properties: Properties) {
  const { ZipFile, ...stored } = properties['Code'] as Code
  if (ZipFile === undefined) return stored
  const file = String(properties['Runtime']).startsWith('python') ? 'index.py' : 'index.js'
  // The same source must give the same bytes, whenever it is zipped.
  return { ZipFile: zipSync({ [file]: strToU8(ZipFile) }, { mtime: new Date(1980, 0, 1) }) }
}

/**
 * osls uploads under a new key at each deploy. A function whose code is the same under its new key is left alone, so
 * that its warm processes live on.
 */
async function updateCode(
  FunctionName: string,
  before: Properties,
  after: Properties,
  context: ResourceContext,
) {
  const same = ['Code', 'Architectures'].every((name) => isDeepStrictEqual(before[name], after[name]))
  if (same) return
  const code = codeInput(after)
  const { lambda } = context.clients
  if (isDeepStrictEqual(before['Architectures'], after['Architectures'])) {
    const now = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))
    if (now.CodeSha256 === (await codeSha256(code, context))) return
  }
  const Architectures = after['Architectures'] as CreateFunctionCommandInput['Architectures']
  const answer = await lambda.send(
    new UpdateFunctionCodeCommand({ FunctionName, ...code, ...(Architectures ? { Architectures } : {}) }),
  )
  await settled(FunctionName, context, answer.LastUpdateStatus === 'InProgress')
}

async function codeSha256(code: ReturnType<typeof codeInput>, { clients }: ResourceContext): Promise<string> {
  const bytes = 'ZipFile' in code ? code.ZipFile : await storedCode(code, clients.s3)
  return createHash('sha256').update(bytes).digest('base64')
}

async function storedCode(code: Code, s3: ResourceContext['clients']['s3']): Promise<Uint8Array> {
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket: code.S3Bucket, Key: code.S3Key, VersionId: code.S3ObjectVersion }),
  )
  return (await Body?.transformToByteArray()) ?? new Uint8Array()
}

async function updateConfiguration(
  FunctionName: string,
  before: Properties,
  after: Properties,
  context: ResourceContext,
) {
  const changes: Record<string, unknown> = {}
  for (const [name, fallback] of Object.entries(CONFIGURATION)) {
    if (isDeepStrictEqual(before[name], after[name])) continue
    changes[name === 'KmsKeyArn' ? 'KMSKeyArn' : name] = after[name] ?? fallback
  }
  if (Object.keys(changes).length === 0) return
  const answer = await context.clients.lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName,
      ...changes,
    } as UpdateFunctionConfigurationCommandInput),
  )
  await settled(FunctionName, context, answer.LastUpdateStatus === 'InProgress')
}

/** Until the function takes its next change; Lambda refuses one while another is under way. */
async function settled(FunctionName: string, context: ResourceContext, busy: boolean) {
  if (!busy) return
  const now = await until(
    context,
    `${FunctionName} becoming active`,
    () => context.clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
    ({ State, LastUpdateStatus }) => State !== 'Pending' && LastUpdateStatus !== 'InProgress',
  )
  if (now.State === 'Failed' || now.LastUpdateStatus === 'Failed') {
    throw new Error(now.StateReason ?? now.LastUpdateStatusReason ?? `${FunctionName} did not become active`)
  }
}

async function setConcurrency(
  FunctionName: string,
  before: Properties,
  after: Properties,
  { clients }: ResourceContext,
) {
  const limit = after['ReservedConcurrentExecutions'] as number | undefined
  if (limit === before['ReservedConcurrentExecutions']) return
  if (limit === undefined) await clients.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }))
  else {
    await clients.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: limit }),
    )
  }
}

async function setRecursion(
  FunctionName: string,
  before: Properties,
  after: Properties,
  { clients }: ResourceContext,
) {
  if (before['RecursiveLoop'] === after['RecursiveLoop']) return
  const RecursiveLoop = (after['RecursiveLoop'] ?? 'Terminate') as RecursiveLoop
  await clients.lambda.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop }))
}
