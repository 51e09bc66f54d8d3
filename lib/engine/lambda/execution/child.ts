import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Output } from './output'

export type ChildOptions = {
  file: string
  args: string[]
  env: Record<string, string>
  cwd: string
  /** A log event. */
  onLine(line: string): void
  /** The process is gone and all its output read. */
  onExit(exit: Exit): void
}

export type Exit = { code: number | null; signal: NodeJS.Signals | null; error?: NodeJS.ErrnoException }

/** How long output is waited for that a runtime has announced or a dead process may have left. Host I/O, real time. */
const OUTPUT_GRACE = 1000

/** A process with a group of its own, whose output is cut into log events. */
export class Child {
  private readonly process: ChildProcess
  private readonly marks = new Map<string, { left: number; done: () => void }>()
  private gone = false

  constructor(readonly options: ChildOptions) {
    this.process = spawn(options.file, options.args, {
      cwd: options.cwd,
      env: options.env,
      // A group of its own, so that what the function starts ends with it. fd 3: see runtime/watch.ts.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
    })
    const outputs = [this.process.stdout, this.process.stderr].map((stream) => {
      const output = new Output(options.onLine, (id) => this.mark(id))
      stream?.on('data', (chunk: Buffer) => output.write(chunk))
      return output
    })
    const leave = (exit: Exit) => {
      if (this.gone) return
      this.gone = true
      for (const output of outputs) output.end()
      for (const { done } of this.marks.values()) done()
      options.onExit(exit)
    }
    this.process.on('error', (error) => leave({ code: null, signal: null, error }))
    this.process.on('exit', (code, signal) => {
      this.killGroup()
      // `close` waits for the pipes, which a process that left the group may hold open for ever.
      const timer = setTimeout(() => leave({ code, signal }), OUTPUT_GRACE)
      this.process.on('close', () => {
        clearTimeout(timer)
        leave({ code, signal })
      })
    })
    this.process.stdio[3]?.on('error', () => {})
  }

  /** Resolves when the runtime's marks for this invocation have been read from both streams. */
  outputRead(requestId: string): Promise<void> {
    if (this.gone) return Promise.resolve()
    const mark = this.marks.get(requestId)
    if (mark?.left === 0) {
      this.marks.delete(requestId)
      return Promise.resolve()
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => done(), OUTPUT_GRACE)
      const done = () => {
        clearTimeout(timer)
        this.marks.delete(requestId)
        resolve()
      }
      this.marks.set(requestId, { left: mark?.left ?? 2, done })
    })
  }

  kill(): void {
    this.killGroup()
  }

  /** Peak resident memory in kilobytes where the system tells it of a process that still lives (Linux). */
  peakMemory(): number | undefined {
    try {
      const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8')
      const peak = /^VmHWM:\s+(\d+) kB/m.exec(status)
      return peak ? Number(peak[1]) : undefined
    } catch {
      return undefined
    }
  }

  private mark(requestId: string): void {
    const mark = this.marks.get(requestId) ?? { left: 2, done: () => {} }
    mark.left -= 1
    this.marks.set(requestId, mark)
    if (mark.left === 0) mark.done()
  }

  private killGroup(): void {
    const { pid } = this.process
    if (pid === undefined) return
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
    } catch {
      // Already gone.
    }
  }
}
