import { Worker } from 'node:worker_threads'

/**
 * Ends this process and its group when the engine is gone, however the engine went. File descriptor 3 is a pipe whose
 * other end only the engine holds. A thread of its own watches it, so that a handler in an endless loop ends too.
 */
export function dieWithEngine(): void {
  new Worker(
    `const socket = new (require('node:net').Socket)({ fd: 3 })
     const die = () => { try { process.kill(-process.pid, 'SIGKILL') } catch { process.kill(process.pid, 'SIGKILL') } }
     socket.on('end', die).on('error', die).on('close', die).resume()`,
    { eval: true, execArgv: [], stdout: false, stderr: false },
  ).unref()
}
