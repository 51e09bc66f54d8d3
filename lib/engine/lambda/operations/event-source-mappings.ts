import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import { ACCOUNT } from '../../api'
import type { Deps } from '../deps'
import { conflict, invalid } from '../errors'
import { functionArn, parseFunctionRef } from '../function-ref'
import { json, type Operation, page } from '../router'
import type { Mapping } from '../store'
import { body } from '../validate'

const PATH = '/2015-03-31/event-source-mappings'
const LARGEST_PAGE = 100
const SQS_ARN = /^arn:aws[a-zA-Z-]*:sqs:[^:]+:\d{12}:[^:]+$/

const settings = {
  Enabled: z.optional(z.boolean()),
  BatchSize: z.optional(z.int().check(z.minimum(1), z.maximum(10_000))),
  MaximumBatchingWindowInSeconds: z.optional(z.int().check(z.minimum(0), z.maximum(300))),
  FunctionResponseTypes: z.optional(z.array(z.enum(['ReportBatchItemFailures']))),
  ScalingConfig: z.optional(
    z.strictObject({ MaximumConcurrency: z.optional(z.int().check(z.minimum(2), z.maximum(1000))) }),
  ),
}
const CreateRequest = z.strictObject({
  ...settings,
  EventSourceArn: z.string().check(z.regex(SQS_ARN, 'the local engine has SQS queues as event sources only')),
  FunctionName: z.string(),
  Tags: z.optional(z.record(z.string(), z.string())),
})
const UpdateRequest = z.strictObject({ ...settings, FunctionName: z.optional(z.string()) })
type Settings = z.infer<typeof UpdateRequest>

export const createEventSourceMapping: Operation<Deps> = {
  method: 'POST',
  path: PATH,
  async run(deps, request) {
    const { store, pollers } = deps
    const input = body(request, CreateRequest)
    const { name, qualifier } = parseFunctionRef(input.FunctionName)
    store.resolve({ name, qualifier })
    const same = store.mappings.find(
      (m) => m.queueArn === input.EventSourceArn && m.functionName === name && m.qualifier === qualifier,
    )
    if (same) {
      throw conflict(
        `An event source mapping with SQS arn (" ${same.queueArn} ") and function (" ${name} ") already exists. ` +
          `Please update or delete the existing mapping with UUID ${same.uuid}`,
      )
    }
    const mapping = withSettings(
      {
        uuid: randomUUID(),
        queueArn: input.EventSourceArn,
        functionName: name,
        ...(qualifier === undefined ? {} : { qualifier }),
        enabled: true,
        batchSize: 10,
        batchingWindow: 0,
        reportsBatchItemFailures: false,
        tags: input.Tags ?? {},
        lastModified: deps.context.clock.now(),
      },
      input,
    )
    await check(deps, mapping)
    store.putMapping(mapping)
    pollers.follow(mapping)
    return json(202, shape(store.region, mapping))
  },
}

export const updateEventSourceMapping: Operation<Deps> = {
  method: 'PUT',
  path: `${PATH}/{UUID}`,
  async run(deps, request, { UUID = '' }) {
    const { store, pollers, context } = deps
    const input = body(request, UpdateRequest)
    const changed = withSettings({ ...store.mapping(UUID), lastModified: context.clock.now() }, input)
    if (input.FunctionName !== undefined) {
      const { name, qualifier } = parseFunctionRef(input.FunctionName)
      changed.functionName = name
      if (qualifier === undefined) delete changed.qualifier
      else changed.qualifier = qualifier
    }
    await check(deps, changed)
    store.putMapping(changed)
    pollers.follow(changed)
    return json(202, shape(store.region, changed))
  },
}

export const getEventSourceMapping: Operation<Deps> = {
  method: 'GET',
  path: `${PATH}/{UUID}`,
  run: ({ store }, _request, { UUID = '' }) => json(200, shape(store.region, store.mapping(UUID))),
}

export const listEventSourceMappings: Operation<Deps> = {
  method: 'GET',
  path: PATH,
  run({ store }, request) {
    const arn = request.query.get('EventSourceArn')
    const ref = request.query.get('FunctionName')
    const wanted = ref === null ? undefined : parseFunctionRef(ref)
    const mappings = store.mappings.filter(
      (mapping) =>
        (arn === null || mapping.queueArn === arn) &&
        (wanted === undefined ||
          (mapping.functionName === wanted.name && mapping.qualifier === wanted.qualifier)),
    )
    const { items, ...next } = page(request, mappings, LARGEST_PAGE)
    return json(200, { EventSourceMappings: items.map((mapping) => shape(store.region, mapping)), ...next })
  },
}

export const deleteEventSourceMapping: Operation<Deps> = {
  method: 'DELETE',
  path: `${PATH}/{UUID}`,
  run({ store, pollers }, _request, { UUID = '' }) {
    const mapping = store.mapping(UUID)
    store.removeMapping(UUID)
    pollers.stop(UUID)
    return json(202, { ...shape(store.region, mapping), State: 'Deleting' })
  },
}

function withSettings(mapping: Mapping, input: Settings): Mapping {
  const next = { ...mapping }
  if (input.Enabled !== undefined) next.enabled = input.Enabled
  if (input.BatchSize !== undefined) next.batchSize = input.BatchSize
  if (input.MaximumBatchingWindowInSeconds !== undefined)
    next.batchingWindow = input.MaximumBatchingWindowInSeconds
  if (input.FunctionResponseTypes) next.reportsBatchItemFailures = input.FunctionResponseTypes.length > 0
  if (input.ScalingConfig) {
    const { MaximumConcurrency } = input.ScalingConfig
    if (MaximumConcurrency === undefined) delete next.maximumConcurrency
    else next.maximumConcurrency = MaximumConcurrency
  }
  return next
}

/** What Lambda checks against function and queue (Developer Guide, services-sqs-configure). */
async function check({ store, pollers }: Deps, mapping: Mapping): Promise<void> {
  const { version } = store.resolve({ name: mapping.functionName, qualifier: mapping.qualifier })
  if (mapping.batchSize > 10 && mapping.batchingWindow === 0) {
    throw invalid(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    )
  }
  let visibility: number
  try {
    visibility = await pollers.queue(mapping.queueArn).visibilityTimeout()
  } catch (error) {
    const { name, message } = error as Error
    throw invalid(
      `Error occurred while ReceiveMessage. SQS Error Code: ${name}. SQS Error Message: ${message} (${mapping.queueArn})`,
    )
  }
  const { Timeout } = version.config
  if (Timeout > visibility) {
    throw invalid(
      `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${Timeout} seconds`,
    )
  }
}

function shape(region: string, mapping: Mapping) {
  return {
    UUID: mapping.uuid,
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.batchingWindow,
    EventSourceArn: mapping.queueArn,
    FunctionArn: functionArn(region, mapping.functionName, mapping.qualifier),
    LastModified: mapping.lastModified / 1000,
    State: mapping.enabled ? 'Enabled' : 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
    FunctionResponseTypes: mapping.reportsBatchItemFailures ? ['ReportBatchItemFailures'] : [],
    ...(mapping.maximumConcurrency === undefined
      ? {}
      : { ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency } }),
    EventSourceMappingArn: `arn:aws:lambda:${region}:${ACCOUNT}:event-source-mapping:${mapping.uuid}`,
  }
}
