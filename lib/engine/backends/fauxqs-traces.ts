import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * The system attribute `AWSTraceHeader`, which fauxqs lacks: SQS keeps the sender's `X-Amzn-Trace-Id` header with each
 * message, or what the sender gave as the attribute itself (X-Ray Developer Guide, xray-services-sqs). Lambda's event
 * source mappings follow chains of events by it.
 */

type SystemAttributes = { AWSTraceHeader?: { StringValue?: string } }
type Sent = { MessageBody?: string; MessageSystemAttributes?: SystemAttributes }
type Body = Sent & { Entries?: Sent[]; AttributeNames?: string[]; MessageSystemAttributeNames?: string[] }
type Request = { headers: Record<string, string | string[] | undefined>; body: unknown }

type Message = { body: string; traceHeader?: string | undefined }
type Received = { ReceiptHandle: string; Attributes?: Record<string, string> }
export type TracedQueue = {
  inflightMessages: Map<string, { message: Message }>
  enqueue(message: Message): void
  dequeue(...args: unknown[]): Received[]
}

type Hooks = {
  addHook(name: 'preHandler', hook: (request: Request, reply: unknown, done: () => void) => void): unknown
  addHook(
    name: 'preSerialization',
    hook: (
      request: Request,
      reply: unknown,
      payload: unknown,
      done: (error: null, payload: unknown) => void,
    ) => void,
  ): unknown
}

/** The call that is being answered; a queue knows nothing of it. */
type Call = { request: Request; headers: Map<string, string> }
const calls = new AsyncLocalStorage<Call>()

/** Lets the queues know which call they are asked by, and adds to its answer what they found. */
export function followCalls(app: Hooks): void {
  app.addHook('preHandler', (request, _reply, done) => calls.run({ request, headers: new Map() }, done))
  app.addHook('preSerialization', (_request, _reply, payload, done) => {
    const { headers } = calls.getStore() ?? {}
    for (const message of headers?.size ? ((payload as { Messages?: Received[] }).Messages ?? []) : []) {
      const header = headers?.get(message.ReceiptHandle)
      if (header !== undefined) message.Attributes = { ...message.Attributes, AWSTraceHeader: header }
    }
    done(null, payload)
  })
}

export function keepTraceHeaders(queue: TracedQueue): void {
  const enqueue = queue.enqueue.bind(queue)
  queue.enqueue = (message) => {
    // A message that goes to a dead-letter queue is enqueued by its receiver's call.
    message.traceHeader ??= sentHeader(message)
    enqueue(message)
  }
  const dequeue = queue.dequeue.bind(queue)
  queue.dequeue = (...args) => {
    const received = dequeue(...args)
    const call = calls.getStore()
    if (call && isAskedFor(call.request.body as Body)) {
      for (const { ReceiptHandle } of received) {
        const header = queue.inflightMessages.get(ReceiptHandle)?.message.traceHeader
        if (header !== undefined) call.headers.set(ReceiptHandle, header)
      }
    }
    return received
  }
}

function sentHeader({ body: text }: Message): string | undefined {
  const { request } = calls.getStore() ?? {}
  if (!/\.SendMessage(Batch)?$/.test(String(request?.headers['x-amz-target']))) return undefined
  const body = request?.body as Body
  const sent = (body.Entries ?? [body]).find(({ MessageBody }) => MessageBody === text)
  const header = request?.headers['x-amzn-trace-id']
  return (
    sent?.MessageSystemAttributes?.AWSTraceHeader?.StringValue ??
    (typeof header === 'string' ? header : undefined)
  )
}

function isAskedFor({ AttributeNames = [], MessageSystemAttributeNames = [] }: Body): boolean {
  return [...AttributeNames, ...MessageSystemAttributeNames].some((name) =>
    ['All', 'AWSTraceHeader'].includes(name),
  )
}
