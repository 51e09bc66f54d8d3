import type { DeployedTask } from '../../aws/tasks'
import type { ServiceNames } from '../../core/names'
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

/** What a message that comes again, or the next tick of a frequent task, puts right is no finding (ms). */
export const LATENESS = 3 * 60_000

/**
 * For what is gone from a stack: a deploy compares templates and does not notice, a drift-aware change set does
 * (CloudFormation User Guide, "Using drift-aware change sets").
 */
export function putBack({ prefix }: ServiceNames): string {
  return (
    'it was removed by hand, which a deploy does not notice. Put it back: aws cloudformation create-change-set ' +
    `--stack-name ${prefix} --change-set-name put-back --use-previous-template --deployment-mode REVERT_DRIFT ` +
    `--capabilities CAPABILITY_NAMED_IAM, and execute-change-set`
  )
}
