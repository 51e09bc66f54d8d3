import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ApiError, type ServiceContext } from '../../api'
import type { Timer } from '../../clock'
import type { Clients } from '../clients'
import type { CodeStore } from '../code'
import type { FunctionRecord, Resolved, Version } from '../store'
import { enterFunction } from '../trace'
import { type Answer, Environment, type Invocation } from './environment'
import type { HostReport } from './host-usage'
import { LogSink } from './log-sink'
import type { Report } from './report'

/** How long an idle environment is kept, milliseconds. Lambda promises no time; some minutes is what is seen. */
const IDLE = 5 * 60_000
/** At most so many invocations at once: a machine is not a region. A new account's quota is as small. */
export const CONCURRENCY = 50
/**
 * Invocations of a function in one chain of events, after which the next is stopped. "Approximately 16 times", says the
 * Developer Guide (invocation-recursion).
 */
const RECURSIONS = 16

/** An invocation that is over, however it ended. */
export type Ended = Report & HostReport & { functionName: string }

type Member = {
  environment: Environment
  fn: string
  version: string
  key: string
  idle: boolean
  /** To end as soon as it is idle. */
  stale: boolean
  /** Its function was deleted. */
  orphaned: boolean
  timer?: Timer
}

/** All execution environments. An invocation gets an idle one of its version, else a new one. */
export class Pool {
  private readonly members = new Set<Member>()
  private readonly running = new Map<string, number>()
  private readonly warned = new Set<string>()
  private readonly listeners = new Set<(ended: Ended) => void>()
  private readonly emptyFile: string
  private gone: (() => void) | undefined
  private closed = false

  constructor(
    private readonly context: ServiceContext,
    private readonly clients: Clients,
    private readonly code: CodeStore,
  ) {
    this.emptyFile = join(context.dataDir, 'empty')
    writeFileSync(this.emptyFile, '')
  }

  /**
   * Throws TooManyRequestsException where Lambda throttles, and RecursiveInvocationException where it stops a function
   * that is invoked in a loop.
   */
  async run({ fn, version }: Resolved, invocation: Invocation): Promise<Exclude<Answer, 'undelivered'>> {
    const traceId = this.follow(fn, invocation)
    this.admit(fn)
    this.count(fn.name, 1)
    try {
      for (;;) {
        const answer = await this.take(fn, version).environment.invoke({ ...invocation, traceId })
        if (answer !== 'undelivered') {
          if (answer.functionError) this.explain(version, answer.payload)
          return answer
        }
        if (this.closed) throw new ApiError('ServiceException', 'The local engine is closing.', 500)
      }
    } finally {
      this.count(fn.name, -1)
    }
  }

  /**
   * No further invocation runs in the environments that exist now, of one version or of a function that was deleted;
   * those that run one end after it.
   */
  retire(fn: string, version?: string): void {
    for (const member of this.members) {
      if (member.fn !== fn || (version !== undefined && member.version !== version)) continue
      member.stale = true
      member.orphaned = version === undefined
      if (member.idle) member.environment.kill()
    }
  }

  /** Calls `listener` after each invocation; gives what ends that. */
  onEnded(listener: (ended: Ended) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.closed = true
    for (const member of this.members) {
      member.timer?.cancel()
      member.environment.kill()
    }
    if (this.members.size > 0) await new Promise<void>((resolve) => (this.gone = resolve))
  }

  /** The trace header that the function is given: the chain of events that led here, with this invocation. */
  private follow(fn: FunctionRecord, { traceId }: Invocation): string {
    const { header, invocations } = enterFunction(traceId, fn.name)
    if (invocations <= RECURSIONS || fn.recursiveLoop === 'Allow') return header
    this.warnOnce(
      `Lambda stopped ${fn.name}, which was invoked more than ${RECURSIONS} times in one chain of events (recursive loop detection)`,
    )
    throw new ApiError(
      'RecursiveInvocationException',
      "Lambda has detected your function being invoked in a recursive loop with other Amazon Web Services resources and stopped your function's invocation.",
      400,
      { Type: 'User' },
    )
  }

  private admit(fn: FunctionRecord): void {
    if (this.closed) throw new ApiError('ServiceException', 'The local engine is closing.', 500)
    const reserved = fn.reservedConcurrency
    if (reserved !== undefined && (this.running.get(fn.name) ?? 0) >= reserved) {
      throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded')
    }
    const all = [...this.running.values()].reduce((sum, n) => sum + n, 0)
    if (all >= CONCURRENCY) throw throttled('ConcurrentInvocationLimitExceeded')
  }

  private count(fn: string, change: number): void {
    const now = (this.running.get(fn) ?? 0) + change
    if (now === 0) this.running.delete(fn)
    else this.running.set(fn, now)
  }

  private take(fn: FunctionRecord, version: Version): Member {
    const key = `${fn.name}:${version.version}:${version.revisionId}`
    for (const member of this.members) {
      if (!member.idle || member.stale || member.key !== key) continue
      member.timer?.cancel()
      member.idle = false
      return member
    }
    return this.add(fn, version, key)
  }

  private add(fn: FunctionRecord, version: Version, key: string): Member {
    const member: Member = {
      fn: fn.name,
      version: version.version,
      key,
      idle: false,
      stale: false,
      orphaned: false,
      environment: new Environment({
        context: this.context,
        fn,
        version,
        taskRoot: this.code.folder(version.code),
        emptyFile: this.emptyFile,
        sink: (group, stream) =>
          new LogSink(
            this.clients.logs,
            this.context.clock,
            group,
            stream,
            (message) => this.warnOnce(message),
            () => member.orphaned,
          ),
        onIdle: () => this.onIdle(member),
        onReport: (report, host) => {
          for (const listener of this.listeners) listener({ ...report, ...host, functionName: fn.name })
        },
        onGone: () => {
          member.timer?.cancel()
          this.members.delete(member)
          if (this.members.size === 0) this.gone?.()
        },
      }),
    }
    this.members.add(member)
    return member
  }

  private onIdle(member: Member): void {
    if (member.stale || this.closed) {
      member.environment.kill()
      return
    }
    member.idle = true
    member.timer = this.context.clock.at(this.context.clock.now() + IDLE, () => {
      // It takes a moment to end, in which nobody may be given it.
      member.stale = true
      member.environment.kill()
    })
  }

  private explain(version: Version, payload: string): void {
    if (!version.config.Runtime.startsWith('python') || !/No module named 'boto(3|core)/.test(payload)) return
    this.warnOnce('Lambda ships boto3, but the python3 of this machine lacks it: pip install boto3')
  }

  private warnOnce(message: string): void {
    if (this.closed || this.warned.has(message)) return
    this.warned.add(message)
    this.context.warn(message)
  }
}

function throttled(reason: string): ApiError {
  return new ApiError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason: reason, Type: 'User' })
}
