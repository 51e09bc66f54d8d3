import type { DeployedTask } from '../../lib/aws/tasks'
import type { Lock } from '../../lib/core/protocol/lock'
import type { BriefRun } from '../../lib/core/protocol/record'
import { rowOf } from '../../lib/page/read/row'

const at = (minute: number) => Date.parse('2026-03-02T10:00:00Z') + minute * 60_000
const iso = (minute: number) => new Date(at(minute)).toISOString()

const task = {
  task: 'load',
  enabled: true,
  tags: [],
  schedule: 'cron(0/10 * * * ? *)',
  timezone: 'UTC',
  changedAt: iso(-600),
  definition: { overlap: 'latest', concurrency: 1 },
} as unknown as DeployedTask
const run = {
  task: 'load',
  run: iso(0),
  scheduledAt: iso(0),
  trigger: 'schedule',
  status: 'SUCCEEDED',
} as BriefRun
const paused = { slots: {}, waiting: [], paused: { reason: 'moving' } } as unknown as Lock

describe('a task whose tick has no run', () => {
  it('is missed from when alerts would say so, five minutes after it was due', () => {
    expect(rowOf(task, undefined, [run], at(14)).missed).toBeUndefined()
    expect(rowOf(task, undefined, [run], at(15)).missed).toBeUndefined()
    expect(rowOf(task, undefined, [run], at(15) + 1).missed).toBe(at(10))
  })

  it('is not where it is paused, disabled or was just deployed', () => {
    expect(rowOf(task, paused, [run], at(20)).missed).toBeUndefined()
    expect(rowOf({ ...task, enabled: false }, undefined, [run], at(20)).missed).toBeUndefined()
    expect(rowOf({ ...task, changedAt: iso(12) }, undefined, [run], at(20)).missed).toBeUndefined()
  })
})
