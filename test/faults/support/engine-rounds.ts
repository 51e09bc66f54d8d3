import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { Clients } from '../../../lib/aws/clients'
import { serviceNames } from '../../../lib/core/names'
import { isEnded, type RunRecord } from '../../../lib/core/protocol/record'
import type { TestService } from '../../e2e/support/service'
import { clientConfig, temporaryFolder } from '../../support/engine'
import { setSchedules } from '../../support/schedules'
import { bundle } from './bundle'
import { isAtRest, type Reader, readFacts, readRuns } from './facts'
import { KillableEngine } from './killable-engine'
import { observe } from './observe'
import { Random } from './random'
import { faultService, SERVICE, TASKS } from './tasks'

const SECOND = 1000
const MINUTE = 60 * SECOND
const START = Date.parse('2026-03-02T10:00:00.000Z')
/** Before every run's key. */
const EVER = '0'
/** Of the moved clock, after which what is not over is stuck. */
const PATIENCE = 60 * MINUTE
/** Of the moved clock: for how long ticks come in a round, at most. */
const LONGEST_RUN = 5 * MINUTE

const names = serviceNames(SERVICE, 'dev')

export type EngineRound = {
  number: number
  killed: 'deploying' | 'running'
  /** Runs that there were when it was killed, and how many had not ended. */
  runs: number
  underWay: number
  /** What contradicts a promise. */
  wrong: string[]
}

/** What goes on from round to round. */
type Scene = {
  service: TestService
  script: string
  dataDir: string
  temporary: string
  random: Random
  /** Of the engine's clock, epoch ms. */
  time: number
  deployed: boolean
  /** How long the last deployment took, real milliseconds. */
  deployment: number
  /** The records as the engine told them last. */
  seen: Map<string, RunRecord>
}

/**
 * Each round an engine is started on what the last one left, deployed to, repaired as `sls tasks dev` does it, and killed:
 * in the deployment, in the repair, or while ticks come. In the end it must come to rest, with every record that was ever
 * told. `onRound` is called as a round is over; what is found in the end belongs to the last.
 */
export async function runEngineRounds(options: {
  rounds: number
  seed: number
  onRound?(round: EngineRound): void
}): Promise<EngineRound[]> {
  const folder = temporaryFolder()
  const scene: Scene = {
    service: faultService({ enabled: true }),
    script: await bundle('engine-process'),
    dataDir: join(folder.path, 'data'),
    temporary: join(folder.path, 'tmp'),
    random: new Random(options.seed),
    time: START,
    deployed: false,
    deployment: 6000,
    seen: new Map(),
  }
  const rounds: EngineRound[] = []
  try {
    for (let number = 1; number <= options.rounds; number++) {
      const round = await runRound(scene, number)
      rounds.push(round)
      options.onRound?.(round)
    }
    rounds.at(-1)?.wrong.push(...(await comeToRest(scene)))
    return rounds
  } finally {
    scene.service.remove()
    folder.remove()
  }
}

async function runRound(scene: Scene, number: number): Promise<EngineRound> {
  const { random, seen } = scene
  const engine = await startEngine(scene)
  const clients = new Clients(clientConfig(engine.endpoint))
  const wrong: string[] = []
  let killed: EngineRound['killed'] = 'running'
  const life = live(scene, engine, clients, wrong)
  let deployment: Promise<string | undefined> | undefined
  if (!scene.deployed || random.chance(0.4)) {
    scene.service.edit((text) => text.replace(/"description": ".*"/, `"description": "round ${number}"`))
    scene.deployed = false
    deployment = deploy(scene, engine)
    if (random.chance(0.5)) {
      killed = 'deploying'
      await Promise.race([deployment, sleep(random.between(0, scene.deployment))])
    } else {
      const failure = await deployment
      if (failure !== undefined) wrong.push(failure)
    }
  }
  if (killed === 'running') {
    const end = scene.time + random.whole(0, LONGEST_RUN)
    const repaired = engine.send({ do: 'repair' }).catch((error: Error) => void wrong.push(String(error)))
    if (random.chance(0.8)) await repaired
    while (scene.time < end) await sleep(5)
    await sleep(random.between(0, 100))
  }
  wrong.push(...(await engine.kill()).map((orphan) => `${orphan} outlives the engine`))
  await Promise.all([life, deployment])
  clients.close()
  const underWay = [...seen.values()].filter((run) => !isEnded(run)).length
  return { number, killed, runs: seen.size, underWay, wrong }
}

/** After some time in which no engine ran. */
async function startEngine(scene: Scene): Promise<KillableEngine> {
  const { script, dataDir, temporary, random } = scene
  scene.time += random.whole(SECOND, 3 * MINUTE)
  return KillableEngine.start(script, { dataDir, temporary, start: scene.time })
}

/** The clock moves and the records are looked at, until the engine is gone. */
async function live(scene: Scene, engine: KillableEngine, clients: Clients, wrong: string[]): Promise<void> {
  const { seen } = scene
  // One of its own: how often it is asked is for the machine to say, and must not change what the seed decides.
  const random = new Random(scene.random.whole(0, 2 ** 31))
  for (;;) {
    const ms = random.whole(500, 5000)
    // It may be killed after its clock was moved and before it says so.
    scene.time += ms
    const alive = await engine.send({ do: 'advance', ms }).then(
      () => true,
      () => false,
    )
    if (!alive) return
    scene.time = engine.now
    const runs = await readRuns(readerOf(clients), EVER).catch(() => undefined)
    if (runs) wrong.push(...remember(seen, runs))
  }
}

/** Why it failed; undefined where it did not. */
async function deploy(scene: Scene, engine: KillableEngine): Promise<string | undefined> {
  const began = performance.now()
  try {
    await scene.service.sls(engine.endpoint, 'deploy')
    scene.deployed = true
    scene.deployment = performance.now() - began
    return undefined
  } catch (error) {
    return String(error)
  }
}

/** What is no longer as it was told. An end may only be corrected by an ERROR that came late. */
function remember(seen: Map<string, RunRecord>, runs: RunRecord[]): string[] {
  const now = new Map(runs.map((run) => [`${run.task} ${run.run}`, run]))
  const wrong = [...seen].flatMap(([name, before]) => {
    const after = now.get(name)
    if (!after) return [`the record of ${name} is lost`]
    if (!isEnded(before) || after.reason === 'late-error') return []
    const same = before.status === after.status && before.finishedAt === after.finishedAt
    return same ? [] : [`${name} was ${before.status} and is ${after.status}`]
  })
  for (const [name, run] of now) seen.set(name, run)
  return wrong
}

async function comeToRest(scene: Scene): Promise<string[]> {
  const engine = await startEngine(scene)
  const clients = new Clients(clientConfig(engine.endpoint))
  const reader = readerOf(clients)
  try {
    if (!scene.deployed) {
      const failure = await deploy(scene, engine)
      if (failure !== undefined) return [failure]
    }
    await engine.send({ do: 'repair' })
    await setSchedules(clients.scheduler, names.scheduleGroup, Object.keys(TASKS), 'DISABLED')
    const end = engine.now + PATIENCE
    // The ticks of two minutes may be on their way.
    const soonest = engine.now + 3 * MINUTE
    while (engine.now < end) {
      await engine.send({ do: 'advance', ms: 5 * SECOND })
      if (engine.now >= soonest && (await isAtRest(reader, EVER, 0))) break
    }
    const facts = await readFacts(reader, EVER)
    const violations = observe(facts, {}).map(({ kind, about }) => `${kind}: ${about}`)
    const wrong = [...remember(scene.seen, facts.runs), ...violations]
    const dead = await deadLetters(clients)
    // What a message that nobody could handle was about explains much.
    return wrong.length > 0 && dead > 0 ? [...wrong, `${dead} dead letters`] : wrong
  } finally {
    clients.close()
    await engine.close()
  }
}

async function deadLetters(clients: Clients): Promise<number> {
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: await clients.queueUrl(names.deadLetterQueue),
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  )
  return Number(Attributes?.ApproximateNumberOfMessages)
}

const readerOf = ({ dynamoDb, logs }: Clients): Reader => ({ dynamoDb, logs, names })
