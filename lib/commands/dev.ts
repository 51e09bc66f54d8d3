import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Clients } from '../aws/clients'
import { readTasks } from '../aws/tasks'
import { counted } from '../core/counted'
import { serviceNames } from '../core/names'
import { type Engine, startEngine } from '../engine/server'
import { DATA_FOLDER, DUMMY_CREDENTIALS } from '../local-engine'
import { built } from '../paths'
import { checkAccount } from './dev/account'
import { watchAlerts } from './dev/alerts'
import { reset } from './dev/data'
import { type Deployment, deploy } from './dev/deploy'
import { credentialsFor, localEnvironment, replaceEnvironment } from './dev/environment'
import { servePage } from './dev/page'
import { deployProgress } from './dev/progress'
import { runLine } from './dev/run-line'
import { watchRuns } from './dev/runs'
import { enabledTasks, sendComingTicks, tickLines } from './dev/schedules'
import { findServerless } from './dev/serverless-cli'
import { listenForStop } from './dev/stop'
import { repairService } from './repair'

export type DevOptions = {
  serviceDir: string
  service: string
  stage: string
  region: string
  /** `--aws-profile` or `provider.profile`: it gets dummy credentials. */
  profile?: string | undefined
  /** As given on the command line. */
  port?: string | undefined
  data?: string | undefined
  reset?: boolean | undefined
}

/**
 * `sls tasks dev`: starts the engine, deploys the service to it with the real `sls deploy`, and tells of each run until
 * it is stopped. From its start on this process knows no credentials but the dummy ones.
 *
 * @throws {Error} with a sentence for the user
 */
export async function runDev(options: DevOptions): Promise<void> {
  const { serviceDir, service, stage, region } = options
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  const serverless = findServerless(serviceDir, process.argv[1] ?? '')
  const dataDir = resolve(serviceDir, options.data ?? DATA_FOLDER)
  const port = options.port === undefined ? undefined : parsePort(options.port)
  if (options.reset) await reset(dataDir)

  // Read as the engine makes its first client; the rest of the environment waits for the endpoint.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const stop = listenForStop()
  const engine = await startEngine({ port, dataDir, region, warn: say })
  let deployment: Deployment | undefined
  let closePage = () => {}
  try {
    const environment = localEnvironment(process.env, {
      endpoint: engine.endpoint,
      region,
      ...writeAwsFiles(join(dataDir, 'aws'), options.profile),
    })
    replaceEnvironment(environment)
    require(built('lib', 'engine', 'aws-guard.js'))
    await checkAccount(environment['AWS_ENDPOINT_URL'] ?? '')

    closePage = servePage(engine, options)
    say(`Packaging ${service} and deploying it to ${engine.endpoint}`)
    const quiet = deployProgress(engine, say)
    deployment = deploy(serverless, { serviceDir, stage, region, environment })
    await Promise.race([deployment.done, stop.promise]).catch((error: unknown) => {
      // The terminal's Ctrl-C reaches the deployment as well.
      if (!stop.asked()) throw error
    })
    quiet()
    if (stop.asked()) return

    const endWatch = await watch(engine, options, say)
    await stop.promise
    endWatch()
  } finally {
    deployment?.kill()
    closePage()
    await engine.close()
    stop.dispose()
  }
}

/** Says where to look and what comes next, then a line for each change of a run. */
async function watch(engine: Engine, options: DevOptions, say: (line: string) => void): Promise<() => void> {
  const { endpoint, region } = engine
  const names = serviceNames(options.service, options.stage)
  const config = { endpoint, region, credentials: DUMMY_CREDENTIALS }
  const clients = new Clients(config)
  const tasks = await enabledTasks(clients.scheduler, names.scheduleGroup)

  say('')
  say(`Tasks, runs and logs: ${endpoint}/`)
  say('')
  say('Any AWS client looks inside:')
  say(`  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region}`)
  say('  export AWS_ACCESS_KEY_ID=slipstream AWS_SECRET_ACCESS_KEY=slipstream')
  say(`  aws dynamodb scan --table-name ${names.runsTable}`)
  say('')
  say(tasks.length === 0 ? 'No task has a schedule that is enabled.' : 'Next ticks')
  for (const line of tickLines(tasks, Date.now())) say(line)
  say('')

  const colour = process.stdout.isTTY === true && !process.env['NO_COLOR']
  const taskWidth = Math.min(24, Math.max(0, ...tasks.map(({ task }) => task.length)))
  const end = watchRuns(
    engine,
    clients.dynamoDb,
    names.runsTable,
    (run) => say(runLine(run, { taskWidth, now: Date.now(), colour })),
    (error) => say(`cannot read a run: ${error instanceof Error ? error.message : String(error)}`),
  )
  const endAlerts = watchAlerts(engine, { clients, names, stage: options.stage }, say, (error) =>
    say(`cannot read an alert: ${error instanceof Error ? error.message : String(error)}`),
  )
  // Also where no schedule is enabled: what was started by hand is in the queue as well.
  const deployed = await readTasks(clients.scheduler, names.scheduleGroup)
  if (deployed.length > 0) {
    // The engine's queue is in memory: what it held when the engine ended is put back from the tables.
    const count = await repairService(names, clients, deployed)
    if (count > 0) say(`Taking up ${counted(count, 'run')} that had not ended.`)
    await sendComingTicks((await clients.ports(names)).queue, tasks, Date.now())
  }
  return () => {
    end()
    endAlerts()
    clients.close()
  }
}

function writeAwsFiles(folder: string, profile: string | undefined) {
  mkdirSync(folder, { recursive: true })
  const configFile = join(folder, 'config')
  const credentialsFile = join(folder, 'credentials')
  writeFileSync(configFile, '')
  writeFileSync(credentialsFile, credentialsFor([profile]))
  return { configFile, credentialsFile }
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`--port: not a port: ${text}`)
  return port
}
