/** docs/promises.md, "What becomes of runs when somebody intervenes": each row, with a run waiting, running and retrying. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cancelRun } from '../../lib/core/protocol/cancel'
import { pauseTask, resumeTask } from '../../lib/core/protocol/pause'
import { isEnded, type RunRecord } from '../../lib/core/protocol/record'
import { repairTask } from '../../lib/core/protocol/repair'
import { definitionOf, TASK, World } from '../support/world'

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'promises.md'), 'utf8')
const section = page.slice(page.indexOf('## What becomes of runs'))
const rows = [...section.matchAll(/^\| ([^|]+?) \| [^|]+ \| [^|]* \| [^|]+ \|$/gm)]
  .map(([, row = '']) => row)
  .filter((row) => row !== '---')

const retry = { attempts: 2, delay: 30, backoff: 2, maxDelay: 3600 }
const made = definitionOf({ concurrency: 2, retry, function: 'as-it-was' })
const MINUTE = 60_000

/** A task with two slots: a run that retries has one, a run whose body lives the other, and a run waits. */
class Scene extends World {
  readonly retrying = this.tick(0, made)
  readonly running = this.tick(30, made)
  readonly waiting = this.tick(60, made)

  constructor() {
    super()
    this.startBody(this.running)
    this.end(this.retrying, { errors: 1, verdict: { rule: 'ERROR', line: 1, text: 'ERROR' } })
    expect(this.states).toEqual({ waiting: 'QUEUED', running: 'RUNNING 1', retrying: 'RETRYING 1' })
  }

  get states() {
    const state = (run: string) => {
      const { status, attempt } = this.record(run)
      return attempt === undefined ? status : `${status} ${attempt}`
    }
    return { waiting: state(this.waiting), running: state(this.running), retrying: state(this.retrying) }
  }

  get holders() {
    const names = new Map([
      [this.waiting, 'waiting'],
      [this.running, 'running'],
      [this.retrying, 'retrying'],
    ])
    return Object.keys(this.lock.slots).map((run) => names.get(run) ?? run)
  }

  /** Everything that is due within a minute comes. */
  goOn(): void {
    this.now += MINUTE
    this.deliverAll('retry', 'next', 'deadline', 'tick')
  }

  cancel(run: string): void {
    this.run(cancelRun(this.context(), TASK, run, 'ann'))
  }

  functionOf(run: string): string | undefined {
    return this.invoked.findLast(({ payload }) => payload.slipstream.run === run)?.definition.function
  }
}

const elsewhere: Record<string, string> = {
  'the stack is removed, its tables retained, and deployed again': 'e2e/retained.test.ts',
  'this package is upgraded': 'core/protocol/upgrade.test.ts',
}

const tested: Record<string, (scene: Scene) => void> = {
  pause(scene) {
    scene.run(pauseTask(TASK, { reason: 'holiday' }))
    scene.end(scene.running)
    scene.goOn()
    expect(scene.states).toEqual({ waiting: 'QUEUED', running: 'SUCCEEDED 1', retrying: 'RETRYING 1' })
    expect(scene.holders).toEqual(['retrying'])
  },
  resume(scene) {
    tested['pause']?.(scene)
    scene.run(resumeTask(scene.context(), TASK, made))
    scene.deliverAll('retry', 'next')
    expect(scene.states).toMatchObject({ waiting: 'RUNNING 1', retrying: 'RUNNING 2' })
  },
  cancel(scene) {
    for (const run of [scene.waiting, scene.running, scene.retrying]) scene.cancel(run)
    expect(scene.states).toEqual({ waiting: 'CANCELLED', running: 'RUNNING 1', retrying: 'CANCELLED 1' })
    scene.deliverAll('next')
    expect(scene.holders).toEqual(['running'])
    const begins = scene.tick(90, made)
    scene.cancel(begins)
    expect(scene.record(begins).status).toBe('CANCELLED')
    scene.end(scene.running)
    expect(scene.states.running).toBe('CANCELLED 1')
    expect(scene.holders).toEqual([])
  },
  'repair of a lost queue'(scene) {
    const lost = '2026-01-05T10:01:30.000Z'
    expect(() => scene.tick(90, made, { crashBefore: 3 })).toThrow()
    scene.sent.splice(0)
    const unfinished = (scene.store.all('runs') as RunRecord[]).filter((record) => !isEnded(record))
    scene.run(repairTask(scene.context(), TASK, unfinished))
    scene.goOn()
    expect(scene.states.retrying).toBe('RUNNING 2')
    expect(scene.lock.waiting).toEqual([scene.waiting, lost])
    scene.now += 10 * MINUTE
    scene.goOn()
    expect(scene.record(scene.running)).toMatchObject({ status: 'RETRYING', reason: 'lost-end' })
  },
  'the task is changed and deployed'(scene) {
    scene.tick(90, { ...made, function: 'as-it-is', functionTimeout: 900, timeout: 900 })
    scene.end(scene.running)
    scene.goOn()
    expect(scene.states).toEqual({ waiting: 'RUNNING 1', running: 'SUCCEEDED 1', retrying: 'RUNNING 2' })
    for (const run of [scene.waiting, scene.retrying]) {
      expect(scene.functionOf(run)).toBe('as-it-was')
      expect(scene.record(run).until).toBe(scene.now + 120_000 + 900_000 + 60_000)
    }
  },
  '`concurrency` is lowered'(scene) {
    scene.tick(90, { ...made, concurrency: 1 })
    scene.end(scene.running)
    scene.goOn()
    expect(scene.states).toEqual({ waiting: 'QUEUED', running: 'SUCCEEDED 1', retrying: 'RUNNING 2' })
    scene.end(scene.retrying)
    scene.goOn()
    expect(scene.states.waiting).toBe('RUNNING 1')
  },
  '`concurrency` is raised'(scene) {
    const newest = scene.tick(90, { ...made, concurrency: 3 })
    scene.deliverAll('next')
    expect(scene.states).toEqual({ waiting: 'RUNNING 1', running: 'RUNNING 1', retrying: 'RETRYING 1' })
    expect(scene.record(newest).status).toBe('QUEUED')
    expect(scene.holders).toEqual(expect.arrayContaining(['retrying', 'running', 'waiting']))
  },
  'the task is removed and deployed'(scene) {
    scene.end(scene.running)
    scene.goOn()
    expect(scene.states).toEqual({ waiting: 'RUNNING 1', running: 'SUCCEEDED 1', retrying: 'RUNNING 2' })
  },
  'its function is removed'(scene) {
    scene.invokeResult = { outcome: 'refused', error: 'ResourceNotFoundException: Function not found' }
    scene.end(scene.running)
    for (let minutes = 0; minutes < 3; minutes++) scene.goOn()
    expect(scene.states.running).toBe('SUCCEEDED 1')
    for (const run of [scene.waiting, scene.retrying])
      expect(scene.record(run)).toMatchObject({ status: 'FAILED', reason: 'refused', attempt: 2 })
    expect(scene.holders).toEqual([])
  },
}

test.each(Object.entries(tested))('%s', (_, act) => act(new Scene()))

test('every row of the table is tested, here or there', () => {
  expect(rows.sort()).toEqual([...Object.keys(tested), ...Object.keys(elsewhere)].sort())
  for (const file of Object.values(elsewhere)) readFileSync(join(__dirname, '..', file))
})
