import { randomUUID } from 'node:crypto'
import type { ServiceContext } from '../../api'
import type { Timer } from '../../clock'
import { logGroupOf } from '../describe'
import type { FunctionRecord, Version } from '../store'
import { Child, type Exit } from './child'
import { type HostReport, HostUsage } from './host-usage'
import type { LogSink } from './log-sink'
import { streamName, tail } from './log-text'
import { exited, failed, failedWith, type Outcome, succeeded, timedOut } from './outcome'
import { processEnv } from './process-env'
import { type Report, SystemLines } from './report'
import { RuntimeApi } from './runtime-api'
import { command, startError } from './runtimes'

export type Invocation = {
  requestId: string
  /** JSON. */
  payload: string
  invokedArn: string
  traceId: string
  /** JSON. */
  clientContext?: string | undefined
}

/** `undelivered`: the environment ended before the runtime took the invocation, which another one may have. */
export type Answer = (Outcome & { logTail: string }) | 'undelivered'

export type EnvironmentOptions = {
  context: ServiceContext
  fn: FunctionRecord
  version: Version
  taskRoot: string
  emptyFile: string
  sink(group: string, stream: string): LogSink
  /** Waits for its next invocation. */
  onIdle(): void
  /** An invocation is over and its log stored. */
  onReport(report: Report, host: HostReport): void
  onGone(): void
}

/** Developer Guide, lambda-runtime-environment. Real time: it is the host that starts the process. */
const INIT_LIMIT = 10_000
type Current = {
  invocation: Invocation
  resolve(answer: Answer): void
  /** Epoch ms at which the function's time began to run; undefined until the runtime has the invocation. */
  startedAt?: number
  timer?: Timer
  lines: string[]
  settled: boolean
}

/** One execution environment: a process, the Runtime API it talks to, and the log stream it writes. */
export class Environment {
  private readonly api: RuntimeApi
  private readonly sink: LogSink
  private readonly lines: SystemLines
  private child: Child | undefined
  private current: Current | undefined
  private give: ((response: { headers: Record<string, string>; event: string }) => void) | undefined
  private readonly createdAt: number
  private initialised = false
  private initDuration: number | undefined
  private initTimer: NodeJS.Timeout | undefined
  private readonly usage = new HostUsage()
  private killedBy: 'timeout' | 'engine' | undefined
  private initFailure: Outcome | undefined
  private outOfMemory = false
  private gone = false

  constructor(private readonly options: EnvironmentOptions) {
    const { fn, version, context } = options
    const { LogFormat = 'Text', SystemLogLevel = 'INFO' } = version.config.LoggingConfig
    this.lines = new SystemLines(LogFormat, SystemLogLevel)
    this.sink = options.sink(logGroupOf(fn.name, version), streamName(context.clock.now(), fn.name, version))
    this.createdAt = context.clock.now()
    this.api = new RuntimeApi({
      next: (give) => this.onNext(give),
      response: (id, payload) => void this.onAnswer(id, succeeded(payload)),
      error: (id, payload, type) => void this.onAnswer(id, failedWith(payload, type)),
      initError: (payload, type) => {
        this.initFailure = failedWith(payload, type)
      },
      usage: (used) => this.usage.add(used),
    })
    void this.start()
  }

  /** Only when there is no other; resolves when the invocation is over and its log stored. */
  invoke(invocation: Invocation): Promise<Answer> {
    if (this.gone) return Promise.resolve('undelivered')
    return new Promise((resolve) => {
      this.current = { invocation, resolve, lines: [], settled: false }
      if (this.give) this.deliver()
    })
  }

  /** Ends the process now, whatever it does. */
  kill(): void {
    this.killedBy ??= 'engine'
    this.child?.kill()
    if (!this.child) this.leave()
  }

  private async start(): Promise<void> {
    const { context, fn, version, taskRoot, emptyFile } = this.options
    const runtimeApi = await this.api.listen()
    if (this.gone) return this.api.close()
    const { file, args, env, runtimeDir } = command(context, version.config)
    this.initTimer = setTimeout(() => this.startClock(), INIT_LIMIT)
    this.child = new Child({
      file,
      args,
      cwd: taskRoot,
      env: {
        ...processEnv(context, fn, version, {
          taskRoot,
          runtimeDir,
          runtimeApi,
          emptyFile,
          logGroup: this.sink.group,
          logStream: this.sink.stream,
        }),
        ...env,
      },
      onLine: (line) => this.onLine(line),
      onExit: (exit) => void this.onExit(exit),
    })
  }

  private onNext(give: NonNullable<typeof this.give>): void {
    if (!this.initialised) {
      this.initialised = true
      this.initDuration = this.now() - this.createdAt
      this.usage.initialised()
      clearTimeout(this.initTimer)
    }
    this.give = give
    if (this.current && !this.current.settled) this.deliver()
    else this.rest()
  }

  private deliver(): void {
    const { current, give } = this
    if (!current || !give) return
    this.give = undefined
    this.startClock()
    const { invocation, startedAt = this.now() } = current
    give({
      event: invocation.payload,
      headers: {
        'lambda-runtime-aws-request-id': invocation.requestId,
        'lambda-runtime-deadline-ms': String(startedAt + this.timeout),
        'lambda-runtime-invoked-function-arn': invocation.invokedArn,
        'lambda-runtime-trace-id': invocation.traceId,
        'lambda-runtime-invocation-id': randomUUID(),
        ...(invocation.clientContext === undefined
          ? {}
          : { 'lambda-runtime-client-context': invocation.clientContext }),
      },
    })
  }

  /** The function's time begins: when it gets the invocation, or when its initialisation took too long. */
  private startClock(): void {
    const { current } = this
    if (!current || current.startedAt !== undefined) return
    const { invocation } = current
    current.startedAt = this.now()
    this.usage.begin()
    const { version } = this.options.version
    this.log(this.lines.start(this.now(), invocation.requestId, version, invocation.invokedArn))
    current.timer = this.options.context.clock.at(current.startedAt + this.timeout, () => {
      this.killedBy = 'timeout'
      this.usage.peak(this.child?.peakMemory())
      this.child?.kill()
    })
  }

  private async onAnswer(requestId: string, outcome: Outcome): Promise<void> {
    const { current } = this
    if (!current || current.settled || current.invocation.requestId !== requestId) return
    current.timer?.cancel()
    if (this.killedBy) return
    current.settled = true
    const duration = this.elapsed(current)
    this.usage.peak(this.child?.peakMemory())
    const host = this.usage.end()
    await this.child?.outputRead(requestId)
    await this.finish(current, outcome, duration, host)
  }

  private async onExit(exit: Exit): Promise<void> {
    clearTimeout(this.initTimer)
    const { current } = this
    if (current && !current.settled) {
      current.settled = true
      current.timer?.cancel()
      // A runtime that came up and then went away while idle never saw this invocation.
      const undelivered = current.startedAt === undefined && this.initialised
      if (undelivered || this.killedBy === 'engine') {
        current.resolve(undelivered ? 'undelivered' : { ...this.endedBy(current, exit), logTail: '' })
        this.current = undefined
      } else {
        this.startClock()
        const outcome = this.endedBy(current, exit)
        await this.finish(current, outcome, this.elapsed(current), this.usage.end())
      }
    }
    this.leave()
  }

  private endedBy({ invocation: { requestId } }: Current, exit: Exit): Outcome {
    if (this.killedBy === 'timeout') return timedOut(requestId, this.timeout / 1000)
    if (this.initFailure) return this.initFailure
    if (exit.error)
      return failed(
        'Runtime.InvalidEntrypoint',
        `RequestId: ${requestId} Error: ${startError(this.options.version.config, exit.error)}`,
      )
    return exited(requestId, exit, this.outOfMemory)
  }

  private async finish(
    current: Current,
    outcome: Outcome,
    duration: number,
    host: HostReport,
  ): Promise<void> {
    const { config } = this.options.version
    const { requestId } = current.invocation
    if (outcome.status === 'timeout') {
      const line = `${requestId} Task timed out after ${config.Timeout.toFixed(2)} seconds`
      if (config.LoggingConfig.LogFormat !== 'JSON')
        this.log([`${new Date(this.now()).toISOString()} ${line}\n`])
    }
    const report: Report = {
      requestId,
      duration,
      initDuration: this.initDuration,
      memorySize: config.MemorySize,
      maxMemoryUsed: this.outOfMemory ? config.MemorySize : Math.ceil(this.usage.maxRss / 1024),
      status: outcome.status,
      errorType: outcome.errorType,
    }
    this.log(this.lines.end(this.now(), report))
    this.initDuration = undefined
    await this.sink.flush()
    this.current = undefined
    this.options.onReport(report, host)
    current.resolve({ ...outcome, logTail: tail(current.lines) })
    if (this.give) this.rest()
  }

  /** Free for another invocation. */
  private rest(): void {
    if (!this.current && !this.gone) this.options.onIdle()
  }

  private onLine(line: string): void {
    if (line.includes('JavaScript heap out of memory')) this.outOfMemory = true
    this.log([line])
  }

  private log(lines: string[]): void {
    for (const line of lines) {
      this.sink.write(line)
      this.current?.lines.push(line)
    }
  }

  private leave(): void {
    if (this.gone) return
    this.gone = true
    clearTimeout(this.initTimer)
    this.api.close()
    void this.sink.flush()
    // One that is settled is being finished: its runtime answered and then ended itself.
    if (this.current?.settled === false) this.current.resolve('undelivered')
    this.options.onGone()
  }

  private elapsed(current: Current): number {
    return this.now() - (current.startedAt ?? this.now())
  }

  private now(): number {
    return this.options.context.clock.now()
  }

  /** Milliseconds. */
  private get timeout(): number {
    return this.options.version.config.Timeout * 1000
  }
}
