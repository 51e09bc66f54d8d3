import type { DeployedTask } from '../../aws/tasks'
import type { Lock } from '../../core/protocol/lock'
import type { Session } from '../session'

/** `problem` keeps runs from happening or from being told of truly; `note` is only worth knowing. */
export type Finding = {
  kind: 'problem' | 'note'
  /** For scripts, in kebab case; documented. */
  code: string
  task?: string
  what: string
  /** What to do about it. */
  advice?: string
}

export type Service = { session: Session; tasks: DeployedTask[]; locks: Map<string, Lock>; now: number }

export const DEPLOY_AGAIN = 'deploy the service again: sls deploy --force puts back what is missing'
