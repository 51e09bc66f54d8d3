import { randomUUID } from 'node:crypto'
import { ApiError, type ApiRequest } from '../../api'
import type { Deps } from '../deps'
import { breaksModel, noFunction } from '../errors'
import { functionArn, parseFunctionRef } from '../function-ref'
import type { Operation } from '../router'
import { newTraceId } from '../trace'

/** Developer Guide, gettingstarted-limits: payload of a synchronous and of an asynchronous invocation, bytes. */
const MAX_SYNC = 6 * 1024 * 1024
const MAX_ASYNC = 1024 * 1024
const TYPES = ['Event', 'RequestResponse', 'DryRun']

export const invoke: Operation<Deps> = {
  method: 'POST',
  path: '/2015-03-31/functions/{FunctionName}/invocations',
  async run({ context, store, pool, queue }, request, { FunctionName = '' }) {
    const ref = parseFunctionRef(FunctionName, request.query.get('Qualifier'))
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse'
    if (!TYPES.includes(type))
      throw breaksModel('invocationType', type, `satisfy enum value set: [${TYPES.join(', ')}]`)
    // Of all operations, this one names $LATEST where no qualifier was given (as recorded on AWS in November 2025).
    if (!store.find(ref.name))
      throw noFunction(functionArn(store.region, ref.name, ref.qualifier ?? '$LATEST'))
    const resolved = store.resolve(ref)
    const payload = payloadOf(request, type)
    if (type === 'DryRun') return { status: 204 }
    const traceId = request.headers['x-amzn-trace-id'] ?? newTraceId(context.clock.now())
    const requestId = randomUUID()
    const headers = { 'x-amzn-requestid': requestId, 'x-amzn-trace-id': traceId }
    if (type === 'Event') {
      queue.accept({ requestId, functionName: ref.name, qualifier: ref.qualifier, payload, traceId })
      return { status: 202, headers, body: '' }
    }
    const answer = await pool.run(resolved, {
      requestId,
      payload,
      invokedArn: resolved.arn,
      traceId,
      clientContext: clientContext(request),
    })
    return {
      status: 200,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'x-amz-executed-version': resolved.version.version,
        ...(answer.functionError ? { 'x-amz-function-error': answer.functionError } : {}),
        ...(request.headers['x-amz-log-type'] === 'Tail' ? { 'x-amz-log-result': answer.logTail } : {}),
      },
      body: answer.payload,
    }
  },
}

function payloadOf({ body }: ApiRequest, type: string): string {
  if (type === 'Event' && body.length > MAX_ASYNC) {
    // Its code is none of the API model's (as many have reported it).
    throw new ApiError(
      'RequestEntityTooLargeException',
      `${body.length} byte payload is too large for the Event invocation type (limit ${MAX_ASYNC} bytes)`,
      413,
    )
  }
  if (body.length > MAX_SYNC) {
    throw new ApiError(
      'RequestTooLargeException',
      `Request must be smaller than ${MAX_SYNC} bytes for the InvokeFunction operation`,
      413,
      { Type: 'User' },
    )
  }
  if (body.length === 0) return '{}'
  const text = body.toString('utf8')
  try {
    JSON.parse(text)
  } catch (error) {
    throw new ApiError(
      'InvalidRequestContentException',
      `Could not parse request body into json: Could not parse payload into json: ${(error as Error).message}`,
      400,
      { Type: 'User' },
    )
  }
  return text
}

function clientContext(request: ApiRequest): string | undefined {
  const header = request.headers['x-amz-client-context']
  return header === undefined ? undefined : Buffer.from(header, 'base64').toString('utf8')
}
