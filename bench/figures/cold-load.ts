import { spawn } from 'node:child_process'
import { ENVIRONMENT } from '../../lib/core/names'
import { DUMMY_CREDENTIALS } from '../../lib/engine/api'
import type { Bench, Figure } from '../figure'
import { median, spread } from '../statistics'
import { bareBundles, HANDLERS, handlerBundle, ratiosToBare } from '../support/bare-bundle'

const TARGET = 1.15
/** Of each, in turn, so that a busy spell of the machine meets them all. */
const LOADS = 21

export async function coldLoad(bench: Bench): Promise<Figure> {
  const bare = await bareBundles(bench)
  const files: Record<string, string | undefined> = {
    node: undefined,
    ...bare,
    ...Object.fromEntries(HANDLERS.map((name) => [name, handlerBundle(name)])),
  }
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(files).map((name) => [name, []]))
  for (let load = 1; load <= LOADS; load++) {
    bench.progress(`cold loads, ${load} of ${LOADS}`)
    for (const [name, file] of Object.entries(files)) times[name]?.push(await loadTime(file))
  }
  const { value, detail } = ratiosToBare((handler, name) =>
    median((times[handler] ?? []).map((time, load) => time / (times[name]?.[load] ?? Number.NaN))),
  )
  return {
    value,
    unit: 'x a bundle that only constructs the same SDK clients, made with the same options of esbuild',
    target: `<= ${TARGET}`,
    ok: Object.values(value).every((ratio) => ratio <= TARGET),
    detail: {
      milliseconds: Object.fromEntries(Object.entries(times).map(([name, all]) => [name, spread(all)])),
      ...detail,
    },
  }
}

/** Milliseconds from the start of a Node.js process until the module is loaded. */
function loadTime(file: string | undefined): Promise<number> {
  const load = file === undefined ? '' : `require(${JSON.stringify(file)});`
  const started = performance.now()
  const child = spawn(
    process.execPath,
    ['--eval', `${load}process.stdout.write('ready',()=>process.exit())`],
    {
      env: {
        PATH: process.env['PATH'],
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: DUMMY_CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: DUMMY_CREDENTIALS.secretAccessKey,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        [ENVIRONMENT.prefix]: 'bench-dev',
        [ENVIRONMENT.queueUrl]: 'http://127.0.0.1/queue',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  return new Promise((resolve, reject) => {
    let took: number | undefined
    child.on('error', reject)
    child.stdout.once('data', () => {
      took = performance.now() - started
    })
    child.on('close', () =>
      took === undefined ? reject(new Error(`${file} could not be loaded`)) : resolve(took),
    )
  })
}
