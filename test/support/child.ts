import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A Node.js process that runs `script` with what is preloaded; its lines are awaited one by one. */
export function startNode(script: string, options: { preload?: string; env?: Record<string, string> } = {}) {
  const args = options.preload === undefined ? [] : ['--require', options.preload]
  const child = spawn(process.execPath, [...args, '-e', script], {
    env: { PATH: process.env['PATH'], ...options.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return {
    child,
    ended,
    async line(): Promise<string> {
      const next = await lines.next()
      if (next.done) throw new Error('the process ended before it wrote that line')
      return next.value
    },
    async stop(): Promise<void> {
      child.kill('SIGKILL')
      await ended
    },
  }
}
