import type { DeployedTask } from '../../aws/tasks'
import { counted } from '../../core/counted'
import { iso } from '../../core/sentence'
import { pauseOf, pauseText } from '../output/pause'
import { type Finding, LATENESS, type Service } from './finding'

/** Schedules, pauses and slots. */
export function checkTasks(service: Service): Finding[] {
  return service.tasks.flatMap((task) => [...schedulesOf(service, task), ...slotsOf(service, task)])
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
