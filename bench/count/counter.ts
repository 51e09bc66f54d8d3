import { gunzipSync } from 'node:zlib'
import { parseStreamName } from '../../lib/core/names'
import type { Call } from '../../lib/engine/door/door'
import { PUT_LOG_EVENTS_OVERHEAD, READ_UNIT, SQS_CHUNK, WRITE_UNIT } from '../prices'
import { type Item, itemSize } from './item-size'
import { type Caller, combine, emptyTally, type Tally } from './tally'

type Body = Record<string, unknown>
type Message = { ReceiptHandle: string; Body: string }

/** For calls that are of no one task. */
export const SHARED = ''

/**
 * Counts at the engine's door what AWS would bill, by task. Clients of the bench itself are told from our handlers and
 * the wrapper by their user agent: only these run inside Lambda.
 */
export class Counter {
  private tallies = new Map<string, Tally>()
  /** Bytes of each item, as it was last written or read. */
  private readonly sizes = new Map<string, number>()
  private readonly handles = new Map<string, string>()
  private last = 0

  /** `now`: of the clock by which a caller wants to know when something was last counted. */
  constructor(private readonly now: () => number) {}

  /** When the last call was counted. */
  get lastCall(): number {
    return this.last
  }

  /** What was counted since the last time, by task. */
  take(): Map<string, Tally> {
    const { tallies } = this
    this.tallies = new Map()
    return tallies
  }

  readonly onCall = (call: Call): void => {
    const inside = call.request.headers['user-agent']?.includes('exec-env/AWS_Lambda') ?? false
    switch (call.service) {
      case 'dynamodb':
        if (inside) this.dynamoDb(call)
        return
      case 'sqs':
        this.sqs(call, inside)
        return
      case 'lambda':
        this.lambda(call, inside)
        return
      case 'logs':
        if (inside) this.streamCall(call)
        else this.handlerLog(call)
    }
  }

  private dynamoDb(call: Call): void {
    const { operation, body, answer } = json(call)
    const key = body['Key'] as Item | undefined
    const task = key?.['task']?.S
    if (task === undefined) throw new Error(`the bench cannot price DynamoDB's ${operation}`)
    const item = `${body['TableName']} ${JSON.stringify(key)}`
    if (operation === 'GetItem') {
      const found = answer['Item'] as Item | undefined
      if (found) this.sizes.set(item, itemSize(found))
      const tally = this.count(task, 'handlers', 'dynamodb', operation)
      tally.reads++
      const units = Math.max(1, Math.ceil((this.sizes.get(item) ?? 0) / READ_UNIT))
      tally.readUnits += body['ConsistentRead'] === true ? units : units / 2
      return
    }
    if (operation !== 'UpdateItem') throw new Error(`the bench cannot price DynamoDB's ${operation}`)
    const before = this.sizes.get(item) ?? 0
    const written = answer['Attributes'] as Item | undefined
    if (call.response.status === 200) {
      if (written === undefined)
        throw new Error('the bench cannot tell the size of an item that is not returned')
      this.sizes.set(item, itemSize(written))
    }
    const tally = this.count(task, 'handlers', 'dynamodb', operation)
    tally.writes++
    tally.writtenBytes += Math.max(before, this.sizes.get(item) ?? 0)
    // The larger of the item before and after, also of a write that was refused (Developer Guide, capacity units).
    tally.writeUnits += Math.max(1, Math.ceil(Math.max(before, this.sizes.get(item) ?? 0) / WRITE_UNIT))
  }

  private sqs(call: Call, inside: boolean): void {
    const { operation, body, answer } = json(call)
    const caller: Caller = inside ? 'handlers' : 'aws'
    const bill = (task: string, bytes: number) => {
      const tally = this.count(task, caller, 'sqs', operation)
      tally.sqsRequests += Math.max(1, Math.ceil(bytes / SQS_CHUNK))
      return tally
    }
    switch (operation) {
      case 'SendMessage': {
        const text = String(body['MessageBody'])
        const tally = bill(taskOfMessages([text]), Buffer.byteLength(text))
        if (caller === 'aws') tally.schedulerInvocations++
        return
      }
      case 'SendMessageBatch': {
        const texts = (body['Entries'] as { MessageBody: string }[]).map(({ MessageBody }) => MessageBody)
        bill(taskOfMessages(texts), Buffer.byteLength(texts.join('')))
        return
      }
      case 'ReceiveMessage': {
        const messages = (answer['Messages'] ?? []) as Message[]
        if (messages.length === 0) return
        const texts = messages.map((message) => message.Body)
        const task = taskOfMessages(texts)
        for (const { ReceiptHandle } of messages) this.handles.set(ReceiptHandle, task)
        bill(task, Buffer.byteLength(texts.join('')))
        return
      }
      case 'DeleteMessageBatch': {
        const entries = body['Entries'] as { ReceiptHandle: string }[]
        bill(one(entries.map(({ ReceiptHandle }) => this.handles.get(ReceiptHandle) ?? SHARED)), 0)
        for (const { ReceiptHandle } of entries) this.handles.delete(ReceiptHandle)
      }
    }
  }

  private lambda({ request, response }: Call, inside: boolean): void {
    if (!request.path.endsWith('/invocations') || response.status !== 202) return
    const payload = JSON.parse(request.body.toString()) as Body
    const tally = this.count(taskOfEvent(payload), inside ? 'handlers' : 'aws', 'lambda', 'Invoke')
    if (!inside) tally.checkerRequests++
  }

  /** Lambda writes it without a call that is billed, but its bytes are. */
  private handlerLog(call: Call): void {
    const { operation, body } = json(call)
    if (operation !== 'PutLogEvents' || !HANDLER_LOG.test(String(body['logGroupName']))) return
    const events = (body['logEvents'] as LogEvent[]).filter(({ message }) => !OF_THIS_NODE.test(message))
    this.tallyOf(SHARED).handlerLogBytes += sizeOf(events)
  }

  private streamCall(call: Call): void {
    const { operation, body } = json(call)
    const task = parseStreamName(String(body['logStreamName']))?.task ?? SHARED
    // Only the handlers read a stream back, and try to create one that is there: to fence a silent attempt.
    const byHandler = operation === 'GetLogEvents' || call.response.status >= 400
    const tally = this.count(task, byHandler ? 'handlers' : 'wrapper', 'logs', operation)
    if (operation === 'PutLogEvents') tally.streamBytes += sizeOf(body['logEvents'] as LogEvent[])
  }

  private count(task: string, caller: Caller, service: string, operation: string): Tally {
    this.last = this.now()
    const tally = this.tallyOf(task)
    const name = `${caller} ${service} ${operation}`
    tally.calls[name] = (tally.calls[name] ?? 0) + 1
    return tally
  }

  private tallyOf(task: string): Tally {
    const tally = this.tallies.get(task) ?? emptyTally()
    this.tallies.set(task, tally)
    return tally
  }
}

const HANDLER_LOG = /^\/aws\/lambda\/.*-slipstream(Dispatcher|Checker)$/

/** What the AWS SDK prints as a process starts, and Node.js with it, where Node.js is older than Lambda's. */
const OF_THIS_NODE =
  /NodeVersionSupportWarning|published after|will require node|To continue receiving|and security updates|More information can be found|trace-warnings|^\s*$/

type LogEvent = { message: string }

function sizeOf(events: LogEvent[]): number {
  return events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + PUT_LOG_EVENTS_OVERHEAD, 0)
}

/** All of it together. */
export function total(tallies: Map<string, Tally>): Tally {
  return [...tallies.values()].reduce((sum, tally) => combine(1, sum, 1, tally), emptyTally())
}

function json({ request, response }: Call): { operation: string; body: Body; answer: Body } {
  return {
    operation: request.headers['x-amz-target']?.split('.')[1] ?? '',
    body: JSON.parse(request.body.toString()) as Body,
    answer: JSON.parse(String(response.body || '{}')) as Body,
  }
}

const one = (tasks: string[]) => (new Set(tasks).size === 1 ? (tasks[0] ?? SHARED) : SHARED)

function taskOfMessages(texts: string[]): string {
  return one(texts.map((text) => (JSON.parse(text) as { task: string }).task))
}

/** Of what a target, or the checker, is invoked with. */
function taskOfEvent(event: Body): string {
  const { awslogs, requestPayload, slipstream } = event as {
    awslogs?: { data: string }
    requestPayload?: { slipstream?: { task: string } }
    slipstream?: { task: string }
  }
  if (awslogs) {
    const delivery = JSON.parse(gunzipSync(Buffer.from(awslogs.data, 'base64')).toString()) as Body
    return parseStreamName(String(delivery['logStream']))?.task ?? SHARED
  }
  return (slipstream ?? requestPayload?.slipstream)?.task ?? SHARED
}
