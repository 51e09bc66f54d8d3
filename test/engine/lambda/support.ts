import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
} from '@aws-sdk/client-lambda'
import { zipSync } from 'fflate'
import { ApiError, DUMMY_CREDENTIALS, type Service } from '../../../lib/engine/api'
import { createFauxqs } from '../../../lib/engine/backends/fauxqs'
import { type Clock, systemClock } from '../../../lib/engine/clock'
import { Door } from '../../../lib/engine/door/door'
import { Inside } from '../../../lib/engine/door/inside'
import { createLambda } from '../../../lib/engine/lambda'
import type { Ended } from '../../../lib/engine/lambda/execution/pool'

export type LogCall = { operation: string; group: string; stream?: string; lines: string[] }

/** Takes what is logged as CloudWatch Logs would, and keeps it to be looked at. */
class RecordedLogs implements Service {
  readonly name = 'logs'
  readonly protocol = 'awsJson1_1'
  readonly streams = new Map<string, string[]>()
  /** The operations that were asked for, in order. */
  readonly asked: string[] = []
  private readonly groups = new Set<string>()

  async handle({ headers, body }: Parameters<Service['handle']>[0]) {
    const input = JSON.parse(body.toString()) as {
      logGroupName: string
      logStreamName?: string
      logEvents?: { message: string }[]
    }
    const stream = `${input.logGroupName} ${input.logStreamName}`
    const operation = headers['x-amz-target']?.split('.')[1] ?? ''
    this.asked.push(operation)
    switch (operation) {
      case 'CreateLogGroup':
        this.groups.add(input.logGroupName)
        break
      case 'CreateLogStream':
        if (!this.groups.has(input.logGroupName)) {
          throw new ApiError('ResourceNotFoundException', 'The specified log group does not exist.')
        }
        this.streams.set(stream, [])
        break
      case 'PutLogEvents':
        this.streams.get(stream)?.push(...(input.logEvents ?? []).map(({ message }) => message))
    }
    return { status: 200, body: '{}' }
  }

  async close() {}

  /** All lines of a group, stream after stream. */
  of(group: string): string[] {
    return [...this.streams].filter(([name]) => name.startsWith(`${group} `)).flatMap(([, lines]) => lines)
  }
}

export type World = {
  lambda: LambdaClient
  logs: RecordedLogs
  door: Door
  dataDir: string
  warnings: string[]
  /** Every invocation that is over. */
  ended: Ended[]
  /** Ends the Lambda service and starts it again on the same data. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** The Lambda service behind the engine's door, with what it writes its logs to. */
export async function startWorld(options: { clock?: Clock; queues?: boolean } = {}): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'slipstream-lambda-'))
  const warnings: string[] = []
  const ended: Ended[] = []
  const warn = (message: string) => void warnings.push(message)
  const door = await Door.open(0, warn)
  const logs = new RecordedLogs()
  const contextOf = (name: string) => {
    const folder = join(dataDir, name)
    mkdirSync(folder, { recursive: true })
    const clock = options.clock ?? systemClock
    return {
      clock,
      endpoint: door.endpoint,
      inside: new Inside(door),
      region: 'us-east-1',
      dataDir: folder,
      warn,
    }
  }
  const others = [logs, ...(options.queues ? await createFauxqs(contextOf('fauxqs')) : [])]
  for (const service of others) door.add(service)
  const create = () => {
    const service = createLambda(contextOf('lambda'))
    service.onEnded((one) => ended.push(one))
    door.add(service)
    return service
  }
  let service = create()
  const lambda = new LambdaClient({
    endpoint: door.endpoint,
    region: 'us-east-1',
    credentials: DUMMY_CREDENTIALS,
    maxAttempts: 1,
  })
  return {
    lambda,
    logs,
    door,
    dataDir,
    warnings,
    ended,
    async restart() {
      await service.close()
      service = create()
    },
    async close() {
      lambda.destroy()
      await service.close()
      for (const other of others) await other.close()
      await door.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export function zip(files: Record<string, string>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])))
}

const ROLE = 'arn:aws:iam::000000000000:role/test'

/** What CreateFunction needs beside code. */
export const node = (FunctionName: string) =>
  ({ FunctionName, Role: ROLE, Runtime: 'nodejs20.x', Handler: 'index.handler' }) as const

/** `files`: or the source of `index.js`. */
export async function createFunction(
  lambda: LambdaClient,
  name: string,
  files: string | Record<string, string>,
  more: Partial<CreateFunctionCommandInput> = {},
): Promise<void> {
  const ZipFile = zip(typeof files === 'string' ? { 'index.js': files } : files)
  await lambda.send(new CreateFunctionCommand({ ...node(name), Code: { ZipFile }, ...more }))
}

export async function call(
  lambda: LambdaClient,
  FunctionName: string,
  event: unknown = {},
  more: Partial<InvokeCommandInput> = {},
) {
  const { Payload, LogResult, ...rest } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), ...more }),
  )
  const text = Buffer.from(Payload ?? []).toString()
  return {
    ...rest,
    payload: text === '' ? undefined : JSON.parse(text),
    log: LogResult === undefined ? undefined : Buffer.from(LogResult, 'base64').toString(),
  }
}

/** Waits for something that another process will do; fails when it has not come in ten seconds. */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = performance.now() + 10_000
  while (performance.now() < end) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`it did not come: ${look}`)
}

/** Whether no process with this id runs (one that only waits to be collected by its parent does not). */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return true
  }
}
