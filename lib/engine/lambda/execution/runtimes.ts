import { dirname } from 'node:path'
import { built } from '../../../paths'
import type { ServiceContext } from '../../api'
import type { Config } from '../config'

export type Command = { file: string; args: string[]; env: Record<string, string>; runtimeDir: string }

/** How the process of an execution environment is started. */
export function command(context: ServiceContext, config: Config): Command {
  return config.Runtime.startsWith('python') ? python() : node(context, config)
}

function node(context: ServiceContext, config: Config): Command {
  const bootstrap = built('lib', 'engine', 'lambda', 'runtime', 'node.js')
  const guard = built('lib', 'engine', 'aws-guard.js')
  const preloads = [context.clock.child?.preload, guard].filter((file) => file !== undefined)
  return {
    file: process.execPath,
    args: [
      `--max-old-space-size=${config.MemorySize}`,
      ...preloads.flatMap((file) => ['--require', file]),
      bootstrap,
    ],
    env: { ...context.clock.child?.env },
    runtimeDir: dirname(bootstrap),
  }
}

/** Unbuffered, and without compiled files in the code's folder, which is read-only on Lambda. */
function python(): Command {
  const bootstrap = built('lib', 'engine', 'lambda', 'runtime', 'python.py')
  return { file: 'python3', args: ['-u', '-B', bootstrap], env: {}, runtimeDir: dirname(bootstrap) }
}

/** Why a process could not be started, in words that help. */
export function startError(config: Config, error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT' && config.Runtime.startsWith('python')) {
    return `Couldn't find python3 on this machine, which the local engine needs for ${config.Runtime} functions`
  }
  return `The process could not be started: ${error.message}`
}
