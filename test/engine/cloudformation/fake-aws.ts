import type { IncomingMessage } from 'node:http'

type Answer = Record<string, unknown>
type Fault = { name: string; message: string; times: number }

/** Logs and SQS, as far as stacks need them, with a record of the calls, faults on demand and calls that can be held. */
export class FakeAws {
  readonly calls: string[] = []
  readonly groups = new Map<string, { retention?: number | undefined }>()
  readonly queues = new Map<string, Record<string, string>>()
  private readonly faults = new Map<string, Fault>()
  private held: { call: string; reached: () => void; go: Promise<void> } | undefined

  /** The next calls of `operation` (or `operation NAME`) fail. */
  fail(operation: string, name: string, message: string, times = 1): void {
    this.faults.set(operation, { name, message, times })
  }

  /** The next call of `operation NAME` waits for `release`; `reached` resolves when it is there. */
  hold(call: string): { reached: Promise<void>; release: () => void } {
    let release = () => {}
    const go = new Promise<void>((resolve) => {
      release = resolve
    })
    const reached = new Promise<void>((resolve) => {
      this.held = { call, reached: resolve, go }
    })
    return { reached, release }
  }

  async handle(request: IncomingMessage, body: string): Promise<{ status: number; body: Answer }> {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? ''
    const input = JSON.parse(body) as Record<string, string>
    const name = input['logGroupName'] ?? input['QueueName'] ?? input['QueueUrl']?.split('/').at(-1) ?? ''
    const call = `${operation} ${name}`
    this.calls.push(call)
    if (this.held?.call === call) {
      const { reached, go } = this.held
      this.held = undefined
      reached()
      await go
    }
    const fault = this.faults.get(call) ?? this.faults.get(operation)
    if (fault && fault.times-- > 0) return error(fault.name, fault.message)
    return this.answer(operation, name, input)
  }

  private answer(operation: string, name: string, input: Record<string, unknown>) {
    switch (operation) {
      case 'CreateLogGroup':
        if (this.groups.has(name)) {
          return error('ResourceAlreadyExistsException', 'The specified log group already exists')
        }
        this.groups.set(name, {})
        return ok({})
      case 'DeleteLogGroup':
        if (!this.groups.delete(name)) {
          return error('ResourceNotFoundException', 'The specified log group does not exist.')
        }
        return ok({})
      case 'PutRetentionPolicy':
        this.groups.set(name, { retention: input['retentionInDays'] as number })
        return ok({})
      case 'DeleteRetentionPolicy':
        this.groups.set(name, {})
        return ok({})
      case 'DescribeLogGroups': {
        const prefix = String(input['logGroupNamePrefix'])
        const names = [...this.groups.keys()].filter((group) => group.startsWith(prefix))
        return ok({ logGroups: names.map((logGroupName) => ({ logGroupName })) })
      }
      case 'GetQueueUrl':
        return this.queues.has(name)
          ? ok({ QueueUrl: url(name) })
          : error('QueueDoesNotExist', 'no such queue')
      case 'CreateQueue':
        this.queues.set(name, input['Attributes'] as Record<string, string>)
        return ok({ QueueUrl: url(name) })
      case 'SetQueueAttributes':
        Object.assign(this.queues.get(name) ?? {}, input['Attributes'])
        return ok({})
      case 'DeleteQueue':
        this.queues.delete(name)
        return ok({})
      default:
        throw new Error(`the fake has no ${operation}`)
    }
  }
}

const url = (name: string) => `http://localhost/000000000000/${name}`
const ok = (body: Answer) => ({ status: 200, body })
const error = (__type: string, message: string) => ({ status: 400, body: { __type, message } })
