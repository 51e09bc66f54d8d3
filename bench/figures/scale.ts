import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { servePage } from '../../lib/commands/dev/page'
import { run as list } from '../../lib/commands/list'
import type { TestService } from '../../test/e2e/support/service'
import { type Bench, type Figure, round } from '../figure'
import { median } from '../statistics'
import { type Deployed, deployed } from '../support/deployed'
import { SERVICE } from '../support/names'
import { benchService } from '../support/service'

const FUNCTIONS = ['one', 'two', 'three', 'four', 'five']
const SIZES = [10, 100, 450]
/** So many must be refused, with what to do. */
const TOO_MANY = 5000
/** Of a stack: resources, and bytes of its template (CloudFormation quotas). */
const MOST_RESOURCES = 500
const MOST_BYTES = 1_000_000
const LOOKS = 5

type Size = {
  packageSeconds: number
  resources: number
  templateBytes: number
  listMs: number
  pageMs: number
}

/** What grows with the number of tasks. */
export async function scale(bench: Bench): Promise<Figure> {
  const sizes: Record<string, Size> = {}
  for (const size of SIZES) {
    bench.progress(`scale: ${size} tasks`)
    sizes[`${size} tasks`] = await ofSize(size)
  }
  bench.progress(`scale: ${TOO_MANY} tasks`)
  const refusal = await refusalOf(TOO_MANY)
  const largest = Math.max(...SIZES)
  const { resources, templateBytes } = sizes[`${largest} tasks`] as Size
  return {
    value: { tasks: largest, resources, templateBytes },
    unit: 'of the largest stack',
    target: `>= ${largest} tasks in < ${MOST_RESOURCES} resources and < ${MOST_BYTES} bytes; more are refused with how to split`,
    ok:
      resources < MOST_RESOURCES && templateBytes < MOST_BYTES && /into a service of their own/.test(refusal),
    detail: { ...sizes, [`${TOO_MANY} tasks`]: refusal },
  }
}

/** All are off: what is measured is looking at them. */
function serviceOf(size: number): TestService {
  const tasks = Array.from({ length: size }, (_, index) => [
    `task-${index}`,
    { function: FUNCTIONS[index % FUNCTIONS.length], schedule: 'every 5 minutes', enabled: false },
  ])
  return benchService(Object.fromEntries(tasks), { functions: FUNCTIONS })
}

async function ofSize(size: number): Promise<Size> {
  const service = serviceOf(size)
  const began = performance.now()
  await service.sls('http://127.0.0.1:9', 'package')
  const packaged = performance.now() - began
  const template = readFileSync(
    join(service.dir, '.serverless', 'cloudformation-template-update-stack.json'),
    'utf8',
  )
  const { Resources } = JSON.parse(template) as { Resources: object }
  const world = await deployed(service)
  try {
    return {
      packageSeconds: round(packaged / 1000, 1),
      resources: Object.keys(Resources).length,
      // As the framework sends it: without white space.
      templateBytes: Buffer.byteLength(JSON.stringify(JSON.parse(template))),
      listMs: await timeOf(() => list(world.session, {})),
      pageMs: await pageTime(world),
    }
  } finally {
    await world.close()
  }
}

async function pageTime({ engine }: Deployed): Promise<number> {
  const close = servePage(engine, { service: SERVICE, stage: 'dev' })
  try {
    return await timeOf(async () => {
      const answer = await fetch(`${engine.endpoint}/api/tasks`)
      if (!answer.ok) throw new Error(`the page's list answers ${answer.status}: ${await answer.text()}`)
      await answer.arrayBuffer()
    })
  } finally {
    close()
  }
}

/** Milliseconds, a median. */
async function timeOf(look: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < LOOKS; n++) {
    const began = performance.now()
    await look()
    times.push(performance.now() - began)
  }
  return round(median(times), 1)
}

/** What `sls package` says, or that it took them. */
async function refusalOf(size: number): Promise<string> {
  const service = serviceOf(size)
  try {
    await service.sls('http://127.0.0.1:9', 'package')
    return 'not refused'
  } catch (error) {
    return (error as Error).message.replace(/^[\s\S]*Error:\s*/, '').trim()
  } finally {
    service.remove()
  }
}
