import { Logger } from '@aws-lambda-powertools/logger'
import type { Context as LambdaContext } from 'aws-lambda'
import * as z from 'zod/mini'
import { AlertChannels } from '../lib/aws/alert-channels'
import { AlerterWorld } from '../lib/aws/alerter'
import { inParallel } from '../lib/aws/in-parallel'
import { loggable } from '../lib/aws/loggable'
import { portsFromEnvironment, variable } from '../lib/aws/ports'
import { random } from '../lib/aws/random'
import type { AlertContext } from '../lib/core/alerts/effect'
import { onEnded } from '../lib/core/alerts/respond'
import { WatchMessage, watchTask } from '../lib/core/alerts/watch'
import { ENVIRONMENT, RUN_KEY, TASK_NAME } from '../lib/core/names'

const logger = new Logger()
const { ports, prefix } = portsFromEnvironment(logger)
const stage = variable(ENVIRONMENT.stage)
const world = new AlerterWorld(ports, prefix, new AlertChannels(process.env), ({ channel, why }, about) =>
  logger.error('not delivered', { ...about, channel, why }),
)

const EndedMessage = z.object({
  ended: z.object({ task: z.string().check(z.regex(TASK_NAME)), run: z.string().check(z.regex(RUN_KEY)) }),
})

/** Tasks that are looked at at a time. */
const AT_ONCE = 16

/**
 * Two things come here, asynchronously and at least once: that a run has ended, from whoever settled it, and the
 * watcher's time. A thrown error makes Lambda bring them again, twice at most, and then they are dead letters.
 */
export async function handler(event: unknown, lambda: LambdaContext): Promise<void> {
  logger.addContext(lambda)
  const context: AlertContext = {
    now: Date.now,
    random,
    by: lambda.awsRequestId,
    prefix,
    stage,
    warn: (message, about) => logger.warn(message, { ...about }),
  }
  const ended = EndedMessage.safeParse(event)
  if (ended.success) return attempt(onEnded(context, ended.data.ended), ended.data.ended)
  const watch = WatchMessage.safeParse(event)
  if (!watch.success) {
    logger.error("neither a run's end nor the watcher's time")
    return
  }
  const { tasks, watch: at } = watch.data
  const results = await inParallel(tasks, AT_ONCE, async (task) => {
    try {
      await attempt(watchTask(context, task, Date.parse(at)), { watch: at, task: task.task })
      return true
    } catch {
      return false
    }
  })
  const failed = results.filter((done) => !done).length
  if (failed > 0) throw new Error(`${failed} of ${tasks.length} tasks could not be looked at`)
}

async function attempt(step: Parameters<AlerterWorld['perform']>[0], about: object): Promise<void> {
  try {
    await world.perform(step)
  } catch (error) {
    logger.error('not done', { ...about, error: loggable(error) })
    throw error
  }
}
