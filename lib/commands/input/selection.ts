import type { DeployedTask } from '../../aws/tasks'
import { CommandError, usageError } from '../errors'
import type { Session } from '../session'

type Selection = { task?: string | undefined; tag?: string | undefined; all?: boolean | undefined }

/** The tasks that `--task`, `--tag` or `--all` mean; one of the three. @throws {CommandError} */
export async function selectTasks(session: Session, { task, tag, all }: Selection): Promise<DeployedTask[]> {
  if ([task, tag, all].filter(Boolean).length !== 1)
    throw usageError('say which tasks with one of --task NAME, --tag TAG and --all')
  if (task) return [await session.task(task)]
  const tasks = await session.tasks()
  if (tasks.length === 0) throw session.noTasks()
  const chosen = tasks.filter(({ tags }) => all || (tag && tags.includes(tag)))
  if (chosen.length === 0) throw new CommandError(`no task has the tag ${tag}`, 'NO_SUCH_TASK')
  return chosen
}
