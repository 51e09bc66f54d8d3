import { foreignFormat } from '../core/format'
import { TargetPayload } from '../core/payload'
import { notRun, runAttempt, type World } from './attempt'
import { captureOutput, uncaptured } from './capture'
import { type AnyHandler, invoke, type LambdaContext } from './invoke'
import { awsLogs } from './logs'

/** How awslambda.streamifyResponse marks a handler (the runtime interface client's HANDLER_STREAMING). */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming')

export function isStreaming(handler: AnyHandler): boolean {
  return STREAMING in handler
}

function payloadOf(event: unknown): TargetPayload | undefined {
  if (typeof event !== 'object' || event === null || !('slipstream' in event)) return undefined
  const parsed = TargetPayload.safeParse(event)
  return parsed.success && parsed.data.slipstream.target === 'wrapped' ? parsed.data : undefined
}

/** Of a task's event that a newer dispatcher wrote, so that what stands in it may be misunderstood. */
function newerFormat(event: unknown): string | undefined {
  if (typeof event !== 'object' || event === null || !('slipstream' in event && 'stream_name' in event))
    return undefined
  return foreignFormat(event.slipstream)
}

const real: World = { logs: awsLogs(), exit: (code) => process.exit(code) }
let capturing = false

/**
 * The streams of the attempts that run in this process, for all copies of this module in it: a handler may be wrapped
 * twice, by `task()` and at packaging or inside other middleware, and the inner one must not step aside for the outer.
 */
const RUNNING = Symbol.for('serverless-slipstream.running')
function runningStreams(): Set<string> {
  const shared = globalThis as { [RUNNING]?: Set<string> }
  shared[RUNNING] ??= new Set()
  return shared[RUNNING]
}

/** Where the handler comes from: there already, or still loading, or failed to load. */
export type Source = { handler: AnyHandler } | { load: () => Promise<AnyHandler> }

/**
 * The handler that Lambda calls. Output is captured from the first call of this on, so it comes before the user's module
 * is loaded: that may keep console.log in a variable.
 */
export function wrapSource(source: Source, world: World = real): AnyHandler {
  if (!capturing) {
    capturing = true
    captureOutput()
  }
  function wrapped(
    this: unknown,
    ...args: [event: unknown, context: LambdaContext, callback: unknown]
  ): unknown {
    const [event, context, callback] = args
    const format = newerFormat(event)
    if (format !== undefined)
      return Promise.reject(
        notRun(`Its payload is of ${format}: deploy the function with the newer serverless-slipstream`),
      )
    const payload = payloadOf(event)
    const asItIs = () =>
      'handler' in source
        ? source.handler.apply(this, args)
        : source.load().then((handler) => invoke(handler, this, event, context, callback))
    if (!payload) return uncaptured(asItIs)
    const stream = payload.stream_name
    const running = runningStreams()
    if (running.has(stream)) return asItIs()
    return runAttempt(
      world,
      {
        payload,
        requestId: context.awsRequestId,
        remaining: context.getRemainingTimeInMillis(),
      },
      async () => {
        running.add(stream)
        try {
          const handler = 'handler' in source ? source.handler : await source.load()
          return await invoke(handler, this, event, context, callback)
        } finally {
          running.delete(stream)
        }
      },
    )
  }
  // Lambda's runtime for Node.js 24 refuses handlers that take three parameters, by this
  if ('handler' in source) Object.defineProperty(wrapped, 'length', { value: source.handler.length })
  return wrapped as AnyHandler
}

/**
 * Runs `handler` with a log stream and a verdict of its own when a task invokes it, and untouched when anything else
 * does. Handlers that stream their response are returned as they are: what a task invokes has no one to stream to.
 */
export function wrapHandler<H extends AnyHandler>(handler: H, world?: World): H {
  return (isStreaming(handler) ? handler : wrapSource({ handler }, world)) as H
}
