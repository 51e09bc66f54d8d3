import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Command } from './engine-process'
import { isAlive, lambdaProcesses } from './processes'

/** Real milliseconds in which what an engine started must be gone after it. */
const ORPHANED = 5000

/** The engine of engine-process.ts. */
export class KillableEngine {
  /** Of the engine's clock, epoch ms, when it answered last. */
  now = 0
  endpoint = ''
  private waiting: { resolve(): void; reject(error: Error): void } | undefined
  private readonly ended: Promise<void>
  private last: Promise<unknown> = Promise.resolve()

  private constructor(private readonly child: ChildProcess) {
    this.ended = new Promise((resolve) => {
      child.on('exit', (code, signal) => {
        this.waiting?.reject(new Error(`the engine ended (${signal ?? code})`))
        resolve()
      })
    })
    child.on('message', ({ now, endpoint, error }: Answer) => {
      Object.assign(this, { now, endpoint })
      if (error === undefined) this.waiting?.resolve()
      else this.waiting?.reject(new Error(error))
    })
  }

  /** `temporary`: where a killed engine may leave what it would have removed. */
  static async start(
    script: string,
    { dataDir, start, temporary }: { dataDir: string; start: number; temporary: string },
  ): Promise<KillableEngine> {
    mkdirSync(temporary, { recursive: true })
    const env = { ...process.env, TMPDIR: temporary, TEMP: temporary }
    const engine = new KillableEngine(fork(script, [dataDir, String(start)], { env, execArgv: [] }))
    await engine.answer()
    return engine
  }

  /** One command after the other. Rejects where it fails, and where the engine ends first. */
  send(command: Command): Promise<void> {
    const sent = this.last.then(() => {
      const answered = this.answer()
      // That the channel is closed is what `answered` says too.
      this.child.send(command, () => {})
      return answered
    })
    this.last = sent.catch(() => {})
    return sent
  }

  /** SIGKILL. Gives the commands of what outlives it. */
  async kill(): Promise<string[]> {
    const started = lambdaProcesses(this.child.pid as number)
    this.child.kill('SIGKILL')
    await this.ended
    for (const end = Date.now() + ORPHANED; Date.now() < end; await sleep(10)) {
      if (!started.some(({ pid }) => isAlive(pid))) return []
    }
    return started
      .filter(({ pid }) => isAlive(pid))
      .map(({ functionName, pid }) => `${functionName} (${pid})`)
  }

  async close(): Promise<void> {
    this.child.send({ do: 'close' } satisfies Command)
    await this.ended
  }

  private answer(): Promise<void> {
    if (!this.child.connected) return Promise.reject(new Error('the engine has ended'))
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
    })
  }
}
