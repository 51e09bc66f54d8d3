import { randomUUID } from 'node:crypto'
import { ApiError, type ApiRequest } from '../../api'
import type { Deps } from '../deps'
import { invalid } from '../errors'
import { parseFunctionRef } from '../function-ref'
import type { Operation } from '../router'
import { newTraceId } from '../trace'

/** Developer Guide, gettingstarted-limits: payload of a synchronous and of an asynchronous invocation, bytes. */
const MAX_SYNC = 6 * 1024 * 1024
const MAX_ASYNC = 1024 * 1024

export const invoke: Operation<Deps> = {
  method: 'POST',
  path: '/2015-03-31/functions/{FunctionName}/invocations',
  async run({ context, store, pool, queue }, request, { FunctionName = '' }) {
    const ref = parseFunctionRef(FunctionName, request.query.get('Qualifier'))
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse'
    if (!['RequestResponse', 'Event', 'DryRun'].includes(type)) {
      throw invalid(
        `Value '${type}' at 'invocationType' failed to satisfy constraint: RequestResponse, Event or DryRun`,
      )
    }
    const resolved = store.resolve(ref)
    const payload = payloadOf(request, type === 'Event' ? MAX_ASYNC : MAX_SYNC)
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

function payloadOf({ body }: ApiRequest, largest: number): string {
  if (body.length > largest) {
    throw new ApiError(
      'RequestTooLargeException',
      `Request must be smaller than ${largest} bytes for the InvokeFunction operation`,
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
      `Could not parse request body into json: ${(error as Error).message}`,
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
