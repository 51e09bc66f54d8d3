import { Clients, type ConnectionConfig } from '../aws/clients'
import { type DeployedTask, readTask, readTasks } from '../aws/tasks'
import { type ServiceNames, serviceNames } from '../core/names'
import { nearest } from '../core/nearest'
import { CommandError, usageError } from './errors'
import type { Io } from './io'

/** Which service, and how its commands are called there. */
export type Where = {
  service: string
  stage: string
  /** For messages; undefined where the SDK finds it. */
  region: string | undefined
  config: ConnectionConfig
  /** `sls tasks` or `npx serverless-slipstream`. */
  program: string
  /** What must be said again in a command that is shown, as ` --stage prod`; empty or with a blank before it. */
  again: string
}

/** One call of one command. */
export class Session {
  readonly names: ServiceNames
  readonly clients: Clients
  /** Said at Ctrl-C, so that nobody takes the end of the command for the end of the run. */
  interruption: string | undefined
  /** What there is to undo at Ctrl-C before the command may end; a second Ctrl-C ends it all the same. */
  onInterrupt: (() => void) | undefined

  constructor(
    readonly where: Where,
    readonly io: Io,
    readonly now: () => number = Date.now,
  ) {
    this.names = serviceNames(where.service, where.stage)
    this.clients = new Clients(where.config)
  }

  /** A command to copy: `words` follow the program. */
  hint(words: string): string {
    return `${this.where.program} ${words}${this.where.again}`
  }

  json(value: unknown): void {
    this.io.out(JSON.stringify(value, undefined, 2))
  }

  tasks(): Promise<DeployedTask[]> {
    return readTasks(this.clients.scheduler, this.names.scheduleGroup)
  }

  /** @throws {CommandError} where it is not named or not deployed */
  async task(name: string | undefined): Promise<DeployedTask> {
    if (!name) throw usageError(`--task is missing: name a task, as in ${this.hint('show -f NAME')}`)
    const task = await readTask(this.clients.scheduler, this.names.scheduleGroup, name)
    if (task) return task
    const names = (await this.tasks()).map(({ task }) => task)
    if (names.length === 0) throw this.noTasks()
    const meant = nearest(name, names) ?? names.find((known) => known.includes(name))
    throw new CommandError(
      `${this.names.prefix} has no task ${name}${meant ? `; did you mean ${meant}?` : `: see ${this.hint('list')}`}`,
      'NO_SUCH_TASK',
    )
  }

  noTasks(): CommandError {
    const { region } = this.where
    return new CommandError(
      `no task is deployed in ${this.names.prefix}${region ? ` in ${region}` : ''}`,
      'NOT_DEPLOYED',
    )
  }

  close(): void {
    this.clients.close()
  }
}
