import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PACKAGE_ROOT } from '../../lib/paths'

const TSC = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc')

const CONFIGURATION = `
import type { Slipstream, Tasks } from 'serverless-slipstream'

const tasks: Tasks = {
  load: {
    function: 'load',
    schedule: 'every 5 minutes',
    timeout: '1 minute',
    retry: { attempts: 3, delay: 30 },
    failOn: ['FATAL'],
    startWithin: 'none',
    alerts: false,
  },
}
const slipstream: Slipstream = { retain: true, metrics: { byTask: true }, defaults: { retention: 60 } }
export default { service: 'shop', tasks, slipstream }

// @ts-expect-error a task needs a schedule
export const incomplete: Tasks = { load: { function: 'load' } }
// @ts-expect-error an unknown key
export const unknown: Tasks = { load: { function: 'load', schedule: 'rate(1 hour)', concurency: 1 } }
// @ts-expect-error not one of them
export const overlap: Tasks = { load: { function: 'load', schedule: 'rate(1 hour)', overlap: 'allow' } }
`

const HANDLER = `
import { task } from 'serverless-slipstream/task'

export const handler = task(async (event: { day: string }) => event.day.length)
export const length: Promise<number> = handler({ day: 'monday' })
`

const REQUIRING = `
import slipstream = require('serverless-slipstream/task')

export const handler = slipstream.task(async (event: { day: string }) => event.day.length)
`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipstream-types-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(PACKAGE_ROOT, join(folder, 'node_modules', 'serverless-slipstream'), 'dir')
  for (const [file, text] of Object.entries({
    'serverless.mts': CONFIGURATION,
    'serverless.cts': CONFIGURATION.replace('export default', 'export const configuration ='),
    'handler.mts': HANDLER,
    'handler.cts': HANDLER,
    'serverless.ts': CONFIGURATION,
    'handler.ts': HANDLER,
    'requiring.cts': REQUIRING,
  }))
    writeFileSync(join(folder, file), text)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
  ['commonjs', 'bundler'],
])(
  'the types of the package hold with module %s and moduleResolution %s',
  (module, moduleResolution) => {
    const all = ['serverless.mts', 'serverless.cts', 'handler.mts', 'handler.cts', 'requiring.cts']
    const files = moduleResolution === 'bundler' ? ['serverless.ts', 'handler.ts'] : all
    const options = ['--strict', '--noEmit', '--target', 'es2022', '--skipLibCheck', 'false', '--types', '']
    const { stdout, status } = spawnSync(
      process.execPath,
      [TSC, ...options, '--module', module, '--moduleResolution', moduleResolution, ...files],
      { cwd: folder, encoding: 'utf8' },
    )
    expect(stdout).toBe('')
    expect(status).toBe(0)
  },
  60_000,
)
