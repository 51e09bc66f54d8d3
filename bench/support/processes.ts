import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** A program in a group of its own, whose lines are looked at. */
export class Program {
  readonly #child: ChildProcess
  readonly #lines: string[] = []
  readonly #ended: Promise<void>

  constructor(command: string, args: string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
    this.#child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#lines.push(line))
    this.#ended = new Promise((resolve) => this.#child.once('close', () => resolve()))
    this.#child.once('error', (error) => this.#lines.push(String(error)))
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** The first line that matches; undefined where there is none yet. Throws where the program has ended without it. */
  line(pattern: RegExp): string | undefined {
    const found = this.#lines.find((line) => pattern.test(line))
    if (found === undefined && this.#child.exitCode !== null)
      throw new Error(`it ended with code ${this.#child.exitCode}:\n${this.#lines.slice(-20).join('\n')}`)
    return found
  }

  /** As Ctrl-C in a terminal does, which reaches all that runs in it. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.pid > 0) {
      try {
        process.kill(-this.pid, 'SIGINT')
      } catch {
        // Already gone.
      }
    }
    await this.#ended
  }
}

type Process = { pid: number; parent: number; bytes: number }

/**
 * Resident memory of a process and of all below it, in bytes, what they share counted once (PSS).
 *
 * @throws where the system does not tell it: it is read from Linux's /proc
 */
export function memoryOf(root: number): { own: number; tree: number; processes: number } {
  const all = readProcesses()
  const own = all.find(({ pid }) => pid === root)
  if (!own) throw new Error('the memory of processes can only be read on Linux, and of those that run')
  const tree = [own]
  for (const process of tree) tree.push(...all.filter(({ parent }) => parent === process.pid))
  return { own: own.bytes, tree: tree.reduce((sum, { bytes }) => sum + bytes, 0), processes: tree.length }
}

function readProcesses(): Process[] {
  let entries: string[]
  try {
    entries = readdirSync('/proc')
  } catch {
    return []
  }
  return entries
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1])
        const memory = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${name}/smaps_rollup`, 'utf8'))
        return [{ pid: Number(name), parent, bytes: Number(memory?.[1]) * 1024 }]
      } catch {
        // Gone meanwhile, or another user's.
        return []
      }
    })
}
