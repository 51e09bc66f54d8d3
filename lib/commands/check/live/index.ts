import { randomBytes } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { CommandError, EXIT, usageError } from '../../errors'
import type { Options } from '../../options'
import type { Session } from '../../session'
import type { Probe } from './probe'
import { PROBES } from './probes'
import { type ProbeReport, printReport, type Tested } from './report'
import { ProbeStack } from './stack'
import { NotSeen, ProbeWorld } from './world'

const COST =
  'It makes about 70 Lambda invocations, a few hundred requests of SQS and a few lines of log: less than 0.01 US dollar, ' +
  'nothing within the free tier. It takes some 10 minutes, most of it making and removing the stack'

/** A pipeline that is cancelled, a terminal that is closed. */
const ENDINGS = ['SIGTERM', 'SIGHUP'] as const

/**
 * `tasks check --live`: tries, one by one, what Slipstream expects of AWS and AWS's documentation does not settle, in a
 * stack of its own that it removes at the end, also after a failure or Ctrl-C. It needs no service to be deployed.
 */
export async function checkLive(session: Session, options: Options<'check'>): Promise<number> {
  const { io } = session
  const name = `slipstream-probe-${randomBytes(4).toString('hex')}`
  const region = session.where.region ?? (await session.clients.lambda.config.region())
  io.say(
    `This makes the stack ${name} in ${region}, tries ${PROBES.length} behaviours of AWS in it, and removes it.`,
  )
  io.say(`${COST}.`)
  await agree(session, options)

  const stopping = new AbortController()
  const stack = new ProbeStack(session, name)
  const byHand = `aws cloudformation delete-stack --stack-name ${name} --region ${region}`
  session.interruption = `Removing the probe. If it is left behind: ${byHand}`
  const stop = () => stopping.abort()
  session.onInterrupt = stop
  for (const signal of ENDINGS) process.once(signal, stop)
  const startedAt = new Date(session.now()).toISOString()
  let tested: Tested[] = []
  let removed = false
  try {
    io.say('Making the stack …')
    await stack.create(stopping.signal)
    io.say('Trying …')
    tested = await tryAll(session, name, stopping.signal)
  } catch (error) {
    if (!stopping.signal.aborted) throw error
  } finally {
    io.say('Removing the stack …')
    removed = await stack.remove().catch(() => false)
    stack.close()
    for (const signal of ENDINGS) process.removeListener(signal, stop)
    if (!removed) io.say(`The stack ${name} could not be removed. Remove it by hand: ${byHand}`)
  }
  if (stopping.signal.aborted) return EXIT.interrupted
  const report: ProbeReport = {
    region,
    startedAt,
    finishedAt: new Date(session.now()).toISOString(),
    node: process.version,
    removed,
    probes: tested,
  }
  if (options.json) session.json(report)
  else printReport(session, report)
  const well = tested.every(({ result }) => result === 'as-expected' || result === 'not-tested')
  return well && removed ? EXIT.ok : EXIT.error
}

async function agree({ io }: Session, options: Options<'check'>): Promise<void> {
  if (options.yes) return
  if (!io.ask) throw usageError('--yes is missing: nobody is here to ask')
  if (await io.ask('Go on?')) return
  throw new CommandError('nothing was made', 'DECLINED', EXIT.notStarted)
}

/** All at the same time: most of it is waiting. */
async function tryAll(session: Session, name: string, stop: AbortSignal): Promise<Tested[]> {
  const failed = new AbortController()
  const signal = AbortSignal.any([stop, failed.signal])
  // Each probe waits on it.
  setMaxListeners(2 * PROBES.length, signal)
  const world = new ProbeWorld(session, name, signal)
  let over = false
  const listening = world.listen(() => over)
  // Deaf, no probe would end but by its limit.
  listening.catch((error) => failed.abort(error))
  const trying = PROBES.map(async (probe) => {
    const tested = await tryOne(world, probe)
    session.io.say(`  ${tested.name}: ${tested.result}: ${tested.seen}`)
    return tested
  })
  try {
    return await Promise.all(trying)
  } catch (error) {
    throw failed.signal.aborted ? failed.signal.reason : error
  } finally {
    over = true
    await Promise.allSettled([listening, ...trying])
  }
}

async function tryOne(world: ProbeWorld, { run, ...probe }: Probe): Promise<Tested> {
  const begun = world.now()
  const tested = (result: Tested['result'], seen: string): Tested => ({
    ...probe,
    result,
    // The report is made to be sent to somebody.
    seen: seen.replace(/\b\d{12}\b/g, 'ACCOUNT'),
    seconds: Math.round((world.now() - begun) / 1000),
  })
  try {
    const { result, seen } = await run(world)
    return tested(result, seen)
  } catch (error) {
    if (world.signal.aborted) throw error
    if (error instanceof NotSeen) return tested('not-seen', error.message)
    return tested('not-tested', error instanceof Error ? `${error.name}: ${error.message}` : String(error))
  }
}
