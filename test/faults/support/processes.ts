import { readFileSync } from 'node:fs'

export type LambdaProcess = { pid: number; functionName: string }

/** The processes of functions that the engine in process `engine` runs. Read from /proc, so on Linux only. */
export function lambdaProcesses(engine: number): LambdaProcess[] {
  return childrenOf(engine).flatMap((pid) => {
    const [, functionName] = /(?:^|\0)AWS_LAMBDA_FUNCTION_NAME=([^\0]+)/.exec(read(pid, 'environ')) ?? []
    return functionName === undefined ? [] : [{ pid, functionName }]
  })
}

/** Whether a child of this process runs or would if it got a processor: asleep is who waits for an answer or a time. */
export function anyBusy(engine: number): boolean {
  return childrenOf(engine).some((pid) => /\) [RD] /.test(read(pid, 'stat')))
}

export function isAlive(pid: number): boolean {
  return !['', 'Z'].includes(/\) (\S) /.exec(read(pid, 'stat'))?.[1] ?? '')
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended meanwhile.
  }
}

const childrenOf = (pid: number) => read(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number)

/** Empty for a process that is gone. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
