import { SendMessageBatchCommand } from '@aws-sdk/client-sqs'
import { inParallel } from '../../lib/aws/in-parallel'
import { readRuns } from '../../lib/aws/runs'
import { isEnded } from '../../lib/core/protocol/record'
import { backfillOf } from '../../lib/core/requests'
import { type Bench, type Figure, round } from '../figure'
import { type Deployed, deployed } from '../support/deployed'
import { type FloorMessage, floorQueueUrl, Stamps } from '../support/floor'
import { floorService } from '../support/service'
import { until } from '../support/until'

const TARGET = 25
const TARGET_RATIO = 0.7
const TASKS = 16
/** So many runs of each task, for most of a minute at the target's rate. */
const RUNS = 60
const FLOOR_RUNS = 40
const SECOND = 1000
const HOUR = 3600 * SECOND
/** Milliseconds in which they must be over. */
const PATIENCE = 180 * SECOND

/** How many runs a second the engine and our handlers come to on this machine, and whether all of them end well. */
export async function throughput(bench: Bench): Promise<Figure> {
  bench.progress('throughput: deploying')
  const tasks = Array.from({ length: TASKS }, (_, index) => `task-${index}`)
  const world = await deployed(
    floorService(
      Object.fromEntries(tasks.map((task) => [task, { schedule: 'every 1 second', enabled: false }])),
    ),
  )
  try {
    await warmUp(world, tasks)
    bench.progress('throughput: backfill')
    const ours = await timed(world, TASKS * RUNS, () =>
      runAll(world, tasks, { from: Date.now() - HOUR, runs: RUNS }),
    )
    bench.progress('throughput: the same calls without our code')
    const floor = await timed(world, TASKS * FLOOR_RUNS, () => bare(world, tasks, FLOOR_RUNS))
    const ratio = ours.rate / floor.rate
    return {
      value: { runsASecond: round(ours.rate, 1), xFloor: round(ratio) },
      unit: `runs a second, of ${TASKS * RUNS} runs of ${TASKS} tasks; x the same calls without our code`,
      target: `>= ${TARGET} runs a second, >= ${TARGET_RATIO} x, no run lost`,
      ok: ours.rate >= TARGET && ratio >= TARGET_RATIO,
      detail: {
        'floor, runs a second': round(floor.rate, 1),
        'calls a run': { ours: ours.calls, floor: floor.calls },
      },
    }
  } finally {
    await world.close()
  }
}

/** Each function once, so that the count begins with processes that run. */
async function warmUp(world: Deployed, tasks: string[]): Promise<void> {
  await runAll(world, tasks, { from: Date.now() - 2 * HOUR, runs: 2 })
  await bare(world, tasks, 2)
}

type Timed = { rate: number; calls: Record<string, number> }

/** Runs a second, and what of the engine each of them called. */
async function timed({ engine }: Deployed, runs: number, work: () => Promise<void>): Promise<Timed> {
  const counts = new Map<string, number>()
  const stop = engine.onCall(({ service, request, response }) => {
    const operation = request.headers['x-amz-target']?.split('.')[1] ?? 'Invoke'
    const name = `${service} ${operation}${response.status < 400 ? '' : ', refused'}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  })
  const began = performance.now()
  await work()
  const rate = runs / ((performance.now() - began) / SECOND)
  stop()
  const calls = [...counts].sort().map(([name, count]) => [name, round(count / runs)])
  return { rate, calls: Object.fromEntries(calls) }
}

/** Resolves when each has ended, all well. */
async function runAll(
  { session }: Deployed,
  tasks: string[],
  { from, runs }: { from: number; runs: number },
): Promise<void> {
  const { clients, names } = session
  const { queue } = await clients.ports(names)
  const first = Math.ceil(from / SECOND) * SECOND
  const to = first + (runs - 1) * SECOND
  for (const [index, name] of tasks.entries()) {
    const task = await session.task(name)
    const { schedule, timezone } = task
    const message = backfillOf(
      task,
      { schedule, timezone, from: first, to },
      { now: Date.now(), salt: index },
    )
    await queue.send([{ message, delaySeconds: 0 }])
  }
  const range = { from: new Date(first).toISOString(), to: new Date(to).toISOString() }
  await inParallel(tasks, TASKS, (task) =>
    until(
      async () => {
        // The last is the last to end: they wait for one another.
        const [last] = await readRuns(clients.dynamoDb, names.runsTable, task, { ...range, limit: 1 })
        return last?.run === range.to && isEnded(last) ? last : undefined
      },
      `the last run of ${task}`,
      { patience: PATIENCE, pause: 1000 },
    ),
  )
  for (const task of tasks) {
    const all = await readRuns(clients.dynamoDb, names.runsTable, task, range)
    const well = all.filter(({ status }) => status === 'SUCCEEDED').length
    if (well !== runs)
      throw new Error(`${well} of ${runs} runs of ${task} succeeded: ${JSON.stringify(all[0])}`)
  }
}

/**
 * What the runs of a backfill call: a record each, all written at once; and one after the other for each task, a message
 * that starts the run, the target's stream, and its end, which hands the slot over.
 */
async function bare(world: Deployed, tasks: string[], runs: number): Promise<void> {
  const stamps = new Stamps()
  const QueueUrl = floorQueueUrl(world)
  const sqs = world.session.clients.sqs
  const send = (message: FloorMessage) =>
    sqs.send(
      new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: '0', MessageBody: JSON.stringify(message) }] }),
    )
  const chain = (task: string, left: number): FloorMessage => ({
    calls: ['read', 'read', 'update', 'send', 'invoke'],
    target: ['createStream', 'putStart', 'putEnd'],
    subscriber: ['update', 'read', 'update', 'next'],
    id: task,
    stream: `${task}/${Date.now()}-${left}`,
    ended: stamps.path,
    next: left > 1 ? chain(task, left - 1) : undefined,
  })
  try {
    for (const task of tasks) {
      await send({ calls: Array(runs).fill('update'), id: `${task}'s records` })
      await send(chain(task, runs))
    }
    await until(
      () => (stamps.read().length >= tasks.length * runs ? true : undefined),
      `${tasks.length * runs} bare runs`,
      { patience: PATIENCE, pause: 100 },
    )
  } finally {
    stamps.remove()
  }
}
