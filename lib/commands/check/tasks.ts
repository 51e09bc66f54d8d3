import { inParallel } from '../../aws/in-parallel'
import { readRuns } from '../../aws/runs'
import { type DeployedTask, scheduleOf } from '../../aws/tasks'
import { MISSED_AFTER } from '../../core/alerts/watch'
import { counted } from '../../core/counted'
import { nextTick } from '../../core/schedule'
import { iso } from '../../core/sentence'
import { pauseOf, pauseText } from '../output/pause'
import { relative } from '../output/time'
import type { Finding, Service } from './finding'

const AT_ONCE = 16
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** It is the next tick of a frequent task that looks at an old slot. */
const LATENESS = 3 * MINUTE
/** Ticks of a task that are looked for, the newest. */
const MOST_TICKS = 500

/** Schedules, pauses, slots, and the ticks that were due. */
export async function checkTasks(service: Service): Promise<Finding[]> {
  const found = await inParallel(service.tasks, AT_ONCE, async (task) => [
    ...schedulesOf(service, task),
    ...slotsOf(service, task),
    ...(await missedTicks(service, task)),
  ])
  return found.flat()
}

function schedulesOf({ session, locks, now }: Service, task: DeployedTask): Finding[] {
  const paused = pauseOf(locks.get(task.task), now)
  const findings: Finding[] = []
  if (!task.enabled)
    findings.push({
      kind: 'note',
      code: 'schedule-disabled',
      task: task.task,
      what: 'its schedule is disabled: it has no ticks',
      advice:
        'enabled: true in serverless.yml, and deploy; where it says so already somebody disabled it by hand',
    })
  if (paused)
    findings.push({
      kind: 'note',
      code: 'paused',
      task: task.task,
      what: `it is ${pauseText(paused)}`,
      advice: session.hint(`resume -f ${task.task}`),
    })
  return findings
}

function slotsOf({ session, locks, now }: Service, { task, definition }: DeployedTask): Finding[] {
  const lock = locks.get(task)
  if (!lock) return []
  const advice = session.hint('check --repair')
  const findings = Object.entries(lock.slots)
    .filter(([, until]) => until < now - LATENESS)
    .map(
      ([run, until]): Finding => ({
        kind: 'problem',
        code: 'slot-stuck',
        task,
        what: `${run} holds a slot that it should have given back by ${iso(until)}`,
        advice,
      }),
    )
  const free = definition.concurrency - Object.keys(lock.slots).length
  if (free > 0 && lock.waiting.length > 0 && !lock.paused)
    findings.push({
      kind: 'problem',
      code: 'waiting-beside-free-slot',
      task,
      what: `${counted(lock.waiting.length, 'run')} ${lock.waiting.length === 1 ? 'waits' : 'wait'} although ${free === 1 ? 'a slot is' : `${free} slots are`} free`,
      advice,
    })
  return findings
}

/** Ticks of the last day for which there is no record, not even one that says SKIPPED. */
async function missedTicks({ session, now }: Service, task: DeployedTask): Promise<Finding[]> {
  const { clients, names } = session
  const schedule = scheduleOf(task)
  // The phase of a rate is AWS's own affair. Before the last deploy the schedule may have been another.
  if (!task.enabled || schedule.kind === 'rate') return []
  const changed = task.changedAt === undefined ? 0 : Date.parse(task.changedAt) + 2 * MINUTE
  const end = now - MISSED_AFTER
  const begin = Math.max(now - DAY, changed)
  const ticks: number[] = []
  for (
    let tick = nextTick(schedule, begin);
    tick !== undefined && tick <= end;
    tick = nextTick(schedule, tick)
  )
    ticks.push(tick)
  const due = ticks.slice(-MOST_TICKS).map((tick) => new Date(tick).toISOString())
  const [first] = due
  if (first === undefined) return []
  const runs = await readRuns(clients.dynamoDb, names.runsTable, task.task, { from: first })
  const known = new Set(runs.map(({ run }) => run))
  const missed = due.filter((tick) => !known.has(tick))
  const [oldest] = missed
  const newest = missed.at(-1)
  if (oldest === undefined || newest === undefined) return []
  return [
    {
      kind: 'problem',
      code: 'tick-without-run',
      task: task.task,
      what:
        missed.length === 1
          ? `the tick ${oldest} (${relative(Date.parse(oldest), now)}) has no run`
          : `${missed.length} of ${due.length} ticks have no run, from ${oldest} to ${newest}`,
      advice: session.hint(`backfill -f ${task.task} --from ${oldest} --to ${newest}`),
    },
  ]
}
