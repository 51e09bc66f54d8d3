import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb'
import { inParallel } from '../../lib/aws/in-parallel'
import { readRuns } from '../../lib/aws/runs'
import { run as listRuns } from '../../lib/commands/runs'
import { isEnded, type RunRecord } from '../../lib/core/protocol/record'
import { queryUnits } from '../count/query-units'
import type { Bench, Figure } from '../figure'
import { type Deployed, deployed, fire } from '../support/deployed'
import { benchService } from '../support/service'
import { until } from '../support/until'

const TASKS = 10
/** Records of each task, at the one time and the other. */
const SIZES = [100, 10_000]
/** As many as BatchWriteItem takes (API reference), and at once. */
const BATCH = 25
const AT_ONCE = 4
const SECOND = 1000

/** What the newest 20 runs cost to look at, where there are few and where there are many. */
export async function listing(bench: Bench): Promise<Figure> {
  bench.progress('listing: deploying')
  const tasks = Array.from({ length: TASKS }, (_, index) => `task-${index}`)
  const world = await deployed(
    benchService(
      Object.fromEntries(tasks.map((task) => [task, { schedule: 'every 1 hour', enabled: false }])),
    ),
  )
  try {
    const model = await modelRun(world)
    const found: Record<string, { ofTask: number; ofAll: number }> = {}
    let from = 0
    for (const size of SIZES) {
      await load(bench, world, tasks, { model, from, to: size })
      from = size
      found[`${size * TASKS} records`] = {
        ofTask: await unitsOf(world, () => listRuns(world.session, { task: tasks[0] })),
        ofAll: await unitsOf(world, () => listRuns(world.session, {})),
      }
    }
    const [few, many] = Object.values(found)
    return {
      value: found,
      unit: `read units for the newest 20 runs of a task, and of all ${TASKS}`,
      target: 'the same, however many records there are',
      ok: few?.ofTask === many?.ofTask && few?.ofAll === many?.ofAll,
    }
  } finally {
    await world.close()
  }
}

/** A record as runs leave it. */
async function modelRun(world: Deployed): Promise<RunRecord> {
  await fire(world, 'task-0')
  const { clients, names } = world.session
  return until(async () => {
    const [run] = await readRuns(clients.dynamoDb, names.runsTable, 'task-0', { limit: 1 })
    return run && isEnded(run) ? run : undefined
  }, 'a first run')
}

/** Straight into the store: the same run again and again, a second apart, older than the model. */
async function load(
  bench: Bench,
  { session: { clients, names } }: Deployed,
  tasks: string[],
  { model, from, to }: { model: RunRecord; from: number; to: number },
): Promise<void> {
  const newest = Date.parse(model.scheduledAt)
  const records = tasks.flatMap((task) =>
    Array.from({ length: to - from }, (_, index) => {
      const run = new Date(newest - (from + index + 1) * SECOND).toISOString()
      return { ...model, task, run, scheduledAt: run }
    }),
  )
  const batches = Array.from({ length: Math.ceil(records.length / BATCH) }, (_, index) =>
    records.slice(index * BATCH, (index + 1) * BATCH),
  )
  let written = 0
  await inParallel(batches, AT_ONCE, async (batch) => {
    const puts = batch.map((Item) => ({ PutRequest: { Item } }))
    await clients.dynamoDb.send(new BatchWriteCommand({ RequestItems: { [names.runsTable]: puts } }))
    written += batch.length
    if (written % 5000 === 0) bench.progress(`listing: ${written} of ${records.length} records loaded`)
  })
}

async function unitsOf({ engine }: Deployed, look: () => Promise<unknown>): Promise<number> {
  let units = 0
  const end = engine.onCall((call) => {
    units += queryUnits(call)
  })
  await look()
  end()
  return units
}
