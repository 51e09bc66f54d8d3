import * as z from 'zod/mini'
import type { ApiRequest } from '../../api'
import type { Deps } from '../deps'
import { invalid, notFound } from '../errors'
import { functionArn, parseFunctionRef } from '../function-ref'
import { json, noContent, type Operation, page } from '../router'
import type { EventInvokeConfig, Resolved, Store } from '../store'
import { body } from '../validate'

const PATH = '/2019-09-25/functions/{FunctionName}/event-invoke-config'
const LARGEST_PAGE = 50

const Destination = z.optional(z.strictObject({ Destination: z.optional(z.string()) }))
const Request = z.strictObject({
  MaximumRetryAttempts: z.optional(z.int().check(z.minimum(0), z.maximum(2))),
  MaximumEventAgeInSeconds: z.optional(z.int().check(z.minimum(60), z.maximum(21_600))),
  DestinationConfig: z.optional(z.strictObject({ OnSuccess: Destination, OnFailure: Destination })),
})
const DESTINATION = /^arn:aws[a-zA-Z-]*:(lambda:[^:]+:\d{12}:function:.+|sqs:[^:]+:\d{12}:[^:]+)$/

/** Replaces the configuration of the qualifier. */
export const putFunctionEventInvokeConfig: Operation<Deps> = {
  method: 'PUT',
  path: PATH,
  run: ({ context, store }, request, { FunctionName = '' }) =>
    write(store, target(store, request, FunctionName), request, context.clock.now(), undefined),
}

/** Changes what is given of the configuration that is there. */
export const updateFunctionEventInvokeConfig: Operation<Deps> = {
  method: 'POST',
  path: PATH,
  run({ context, store }, request, { FunctionName = '' }) {
    const to = target(store, request, FunctionName)
    return write(store, to, request, context.clock.now(), existing(store, to))
  },
}

export const getFunctionEventInvokeConfig: Operation<Deps> = {
  method: 'GET',
  path: PATH,
  run({ store }, request, { FunctionName = '' }) {
    const { fn, qualifier } = target(store, request, FunctionName)
    return json(200, shape(store, fn.name, qualifier, existing(store, { fn, qualifier })))
  },
}

export const deleteFunctionEventInvokeConfig: Operation<Deps> = {
  method: 'DELETE',
  path: PATH,
  run({ store }, request, { FunctionName = '' }) {
    const { fn, qualifier } = target(store, request, FunctionName)
    existing(store, { fn, qualifier })
    delete fn.eventInvoke[qualifier]
    store.save()
    return noContent
  },
}

export const listFunctionEventInvokeConfigs: Operation<Deps> = {
  method: 'GET',
  path: `${PATH}/list`,
  run({ store }, request, { FunctionName = '' }) {
    const fn = store.get(parseFunctionRef(FunctionName).name)
    const { items, ...next } = page(request, Object.entries(fn.eventInvoke), LARGEST_PAGE)
    return json(200, {
      FunctionEventInvokeConfigs: items.map(([qualifier, config]) =>
        shape(store, fn.name, qualifier, config),
      ),
      ...next,
    })
  },
}

type Target = Pick<Resolved, 'fn' | 'qualifier'>

function target(store: Store, request: ApiRequest, name: string): Target {
  return store.resolve(parseFunctionRef(name, request.query.get('Qualifier')))
}

function existing(store: Store, { fn, qualifier }: Target): EventInvokeConfig {
  const config = fn.eventInvoke[qualifier]
  if (!config) {
    const arn = functionArn(store.region, fn.name, qualifier)
    throw notFound(`The function ${arn} doesn't have an EventInvokeConfig`)
  }
  return config
}

function write(
  store: Store,
  { fn, qualifier }: Target,
  request: ApiRequest,
  now: number,
  before: EventInvokeConfig | undefined,
) {
  const input = body(request, Request)
  for (const kind of ['OnSuccess', 'OnFailure'] as const) {
    const arn = input.DestinationConfig?.[kind]?.Destination
    if (arn && !DESTINATION.test(arn)) {
      throw invalid(
        `DestinationConfig.${kind}: the local engine sends to functions and SQS queues only, not to ${arn}`,
      )
    }
  }
  const given = JSON.parse(JSON.stringify(input)) as Omit<EventInvokeConfig, 'lastModified'>
  const config = { ...before, ...given, lastModified: now }
  fn.eventInvoke[qualifier] = config
  store.save()
  return json(200, shape(store, fn.name, qualifier, config))
}

function shape(
  store: Store,
  name: string,
  qualifier: string,
  { lastModified, ...config }: EventInvokeConfig,
) {
  return {
    LastModified: lastModified / 1000,
    FunctionArn: functionArn(store.region, name, qualifier),
    DestinationConfig: { OnSuccess: {}, OnFailure: {} },
    ...config,
  }
}
