import { cpSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { PACKAGE_ROOT } from '../../lib/paths'
import { temporaryFolder } from '../../test/support/engine'
import { type Bench, type Figure, round } from '../figure'
import { cleanEnvironment } from '../support/environment'
import { Program } from '../support/processes'
import { until } from '../support/until'

const TARGET_SECONDS = 60
const NOT_COPIED = new Set(['.git', '.slipstream', '.serverless', '.esbuild', 'dist', 'node_modules'])

/** `npm start` in a copy of this repository, until the first run of its demo has ended. */
export async function firstVerdict(bench: Bench): Promise<Figure> {
  bench.progress('npm start')
  const folder = temporaryFolder()
  const copy = join(folder.path, 'slipstream')
  cpSync(PACKAGE_ROOT, copy, {
    recursive: true,
    filter: (path) => !NOT_COPIED.has(relative(PACKAGE_ROOT, path)),
  })
  symlinkSync(join(PACKAGE_ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir')
  const began = performance.now()
  const program = new Program('npm', ['start', '--', '--port', '0'], { cwd: copy, env: cleanEnvironment() })
  const seconds = () => round((performance.now() - began) / 1000, 1)
  try {
    await until(() => program.line(/^Next ticks/), 'the engine', { patience: 300_000 })
    const deployed = seconds()
    await until(() => program.line(/^\d\d:\d\d:\d\d .*(SUCCEEDED|FAILED)/), 'a verdict', {
      patience: 300_000,
    })
    const value = seconds()
    return {
      value,
      unit: 'seconds from npm start to the first verdict of the demo',
      target: `< ${TARGET_SECONDS}`,
      ok: value < TARGET_SECONDS,
      detail: {
        'seconds until it is deployed': deployed,
        'seconds that the demo takes': '0 to 6, at random',
      },
    }
  } finally {
    await program.stop()
    folder.remove()
  }
}
