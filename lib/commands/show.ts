import { readLockOf } from '../aws/locks'
import { readRuns } from '../aws/runs'
import { anchorOf, type DeployedTask, scheduleOf } from '../aws/tasks'
import { alertsText } from '../core/alerts/describe'
import { span } from '../core/duration'
import type { Lock } from '../core/protocol/lock'
import { runJson } from '../core/run-json'
import { nextTicks } from '../core/schedule'
import { iso, verdictSentence } from '../core/sentence'
import { oneLine } from '../core/text'
import { EXIT } from './errors'
import { scheduleText } from './list'
import { missedTick } from './missed'
import type { Options } from './options'
import { bold } from './output/colour'
import { pauseJson, pauseOf, pauseText } from './output/pause'
import { wrap } from './output/text'
import { relative } from './output/time'
import { runTable } from './runs'
import type { Session } from './session'

const NEXT = 5
const RUNS = 10
/** The first column. */
const LABEL = 12
/** Of the second, and as many lines as one value takes: a payload can be large, and a verdict is to be read whole. */
const NARROWEST = 20
const LINES = 4

/** `tasks show` */
export async function run(session: Session, options: Options<'show'>): Promise<number> {
  const { names, clients, io } = session
  const task = await session.task(options.task)
  const [lock, runs] = await Promise.all([
    readLockOf(clients.dynamoDb, names.locksTable, task.task),
    readRuns(clients.dynamoDb, names.runsTable, task.task, { limit: RUNS }),
  ])
  const now = session.now()
  const paused = pauseOf(lock, now)
  const missed = missedTick(task, lock, runs, { all: runs.length < RUNS, now })
  const ticks = task.enabled ? nextTicks(scheduleOf(task), now, NEXT, anchorOf(task)) : []
  if (options.json) {
    session.json({
      ...task,
      paused: paused ? pauseJson(paused) : null,
      running: Object.entries(lock.slots).map(([run, until]) => ({
        run,
        until: new Date(until).toISOString(),
      })),
      waiting: lock.waiting,
      next: paused ? [] : ticks.map((tick) => new Date(tick).toISOString()),
      missed: missed === undefined ? null : new Date(missed).toISOString(),
      runs: runs.map(runJson),
    })
    return EXIT.ok
  }

  const say = (label: string, value: string | undefined) => {
    if (!value) return
    const lines = wrap(oneLine(value), Math.max(NARROWEST, io.width - LABEL), LINES)
    for (const [index, line] of lines.entries()) io.out(`${(index === 0 ? label : '').padEnd(LABEL)}${line}`)
  }
  const last = runs.find(({ status }) => status !== 'SKIPPED') ?? runs[0]
  io.out(bold(task.task, io.colour))
  say('', task.description)
  say('last run', last ? verdictSentence(last) : 'never ran')
  if (missed !== undefined) say('missed', `${iso(missed)}: ${relative(missed, now)}, and no run came of it`)
  if (paused) say('paused', pauseText(paused).replace(/^paused:? ?/, '') || 'until somebody resumes it')
  for (const [label, value] of configuration(task)) say(label, value)
  for (const line of holders(lock)) say('running', line)
  if (lock.waiting.length > 0) say('waiting', waiting(lock.waiting))
  io.out('')
  io.out(bold('Next ticks', io.colour))
  if (ticks.length === 0) io.out(task.enabled ? '  none' : '  none: the task is not enabled')
  for (const tick of ticks) io.out(`  ${iso(tick)}  ${relative(tick, now)}${paused ? '  (paused)' : ''}`)
  if (runs.length > 0) {
    io.out('')
    io.out(bold('Last runs', io.colour))
    for (const line of runTable(runs, { ...io, now, withTask: false })) io.out(line)
  }
  return EXIT.ok
}

function configuration(task: DeployedTask): [string, string | undefined][] {
  const { definition } = task
  const { retry, startWithin } = definition
  return [
    ['schedule', `${scheduleText(task)}${task.enabled ? '' : ' (disabled)'}`],
    ['function', `${definition.function} ${definition.qualifier} (${definition.target})`],
    ['payload', task.payload && JSON.stringify(task.payload)],
    ['overlap', `${definition.overlap}, ${definition.concurrency} at a time`],
    ['starts', startWithin === null ? 'however late' : `within ${span(startWithin)} of its tick, or not`],
    ['timeout', span(definition.timeout)],
    [
      'retry',
      retry.attempts === 1
        ? 'no'
        : `${retry.attempts} attempts, ${span(retry.delay)} apart${retry.backoff === 1 ? '' : `, each wait ×${retry.backoff}, at most ${span(retry.maxDelay)}`}`,
    ],
    ['fails on', definition.failOn.join(', ')],
    ['but not on', definition.except.join(', ')],
    ['alerts', alertsText(definition.alerts)],
    ['log group', definition.logGroup],
    ['kept', `${definition.retention} d`],
    ['tags', task.tags.join(', ')],
    ['owner', task.owner],
  ]
}

function holders({ slots }: Lock): string[] {
  return Object.entries(slots)
    .sort()
    .map(([run, until]) => `${run} until ${iso(until)} at most`)
}

function waiting(runs: readonly string[]): string {
  const [first] = runs
  return runs.length === 1 ? `${first}` : `${runs.length} runs, the oldest ${first}`
}
