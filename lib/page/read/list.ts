import { inParallel } from '../../aws/in-parallel'
import { readLocks } from '../../aws/locks'
import { readBriefRuns } from '../../aws/runs'
import type { DeployedTask } from '../../aws/tasks'
import type { Session } from '../../commands/session'
import { type BriefRun, isEnded } from '../../core/protocol/record'
import type { TaskRow } from '../api'
import { RECENT, rowOf } from './row'

/** Definitions change with a deploy only, so they are read less often than runs (milliseconds). */
const DEFINITIONS_FOR = 30_000
/** A task of which nothing seems to have moved is looked at again after that (milliseconds). */
const RUNS_FOR = 60_000
const AT_ONCE = 16

type Seen = { runs: BriefRun[]; at: number; v: number; next: number | null; settled: boolean }

/**
 * All tasks with their newest runs. At its first call it asks for the runs of each task; then only for those of tasks
 * whose lock has moved, a tick of which is past, or of which a run has not ended: the locks are one scan of small items.
 */
export class TaskLister {
  #tasks: { read: DeployedTask[]; at: number } | undefined
  readonly #seen = new Map<string, Seen>()

  constructor(private readonly session: Session) {}

  async read(): Promise<TaskRow[]> {
    const { clients, names, now } = this.session
    const [tasks, locks] = await Promise.all([this.tasks(), readLocks(clients.dynamoDb, names.locksTable)])
    for (const name of this.#seen.keys())
      if (!tasks.some(({ task }) => task === name)) this.#seen.delete(name)
    return inParallel(tasks, AT_ONCE, async (task) => {
      const lock = locks.get(task.task)
      const runs = await this.runsOf(task.task, lock?.v ?? 0)
      const row = rowOf(task, lock, runs, now())
      const seen = this.#seen.get(task.task)
      if (seen) seen.next = row.next
      return row
    })
  }

  /** To be asked anew: something was done that may have changed it. */
  forget(tasks: readonly string[]): void {
    for (const task of tasks) this.#seen.delete(task)
  }

  private async tasks(): Promise<DeployedTask[]> {
    const now = this.session.now()
    // Where there are none yet, they are being deployed.
    if (!this.#tasks?.read.length || now - this.#tasks.at >= DEFINITIONS_FOR)
      this.#tasks = { read: await this.session.tasks(), at: now }
    return this.#tasks.read
  }

  private async runsOf(task: string, v: number): Promise<BriefRun[]> {
    const { clients, names, now } = this.session
    const at = now()
    const seen = this.#seen.get(task)
    if (seen?.settled && seen.v === v && at - seen.at < RUNS_FOR && !(seen.next !== null && seen.next <= at))
      return seen.runs
    const runs = await readBriefRuns(clients.dynamoDb, names.runsTable, task, { limit: RECENT })
    this.#seen.set(task, { runs, at, v, next: null, settled: runs.every(isEnded) })
    return runs
  }
}
