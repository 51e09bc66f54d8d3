import { spawn } from 'node:child_process'
import { built } from '../../paths'
import type { ServerlessCli } from './serverless-cli'

export type Deployment = {
  /** Rejects with what Serverless said where it failed. */
  done: Promise<void>
  kill(): void
}

/** Runs the real `sls deploy` in the service's folder. */
export function deploy(
  serverless: ServerlessCli,
  options: { serviceDir: string; stage: string; region: string; environment: Record<string, string> },
): Deployment {
  const { serviceDir, stage, region, environment } = options
  const args = ['--require', built('lib', 'commands', 'dev', 'end-with-dev.js'), serverless.script, 'deploy']
  const child = spawn(process.execPath, [...args, '--stage', stage, '--region', region], {
    cwd: serviceDir,
    env: { ...environment, NODE_OPTIONS: withFences(environment['NODE_OPTIONS']) },
    // The last is what end-with-dev.ts watches.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  child.stdio[3]?.on('error', () => {})
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const done = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`sls deploy failed (${signal ?? `exit code ${code}`}):\n${output.trim()}`))
    })
  })
  return { done, kill: () => void child.kill('SIGKILL') }
}

/** The user's own NODE_OPTIONS, then what keeps the process and those it starts at the endpoint. */
function withFences(user: string | undefined): string {
  const fences = [built('lib', 'engine', 'aws-guard.js'), built('lib', 'commands', 'dev', 'env-lock.js')]
  return [user, ...fences.map((path) => `--require ${JSON.stringify(path)}`)].filter(Boolean).join(' ')
}
