import { ids } from '../naming'
import type { CloudFormationResource } from '../serverless'
import { functionArn } from './arn'
import { policyLength } from './policy-length'
import { allow, type Statement } from './roles'

/** Of the 10,240 characters that the inline policies of a role may have in all; the rest is for what else it may. */
const INLINE = 5500
/** The longest managed policy is 6,144 characters (IAM User Guide, quotas). */
const MANAGED = 6000

export type InvokeRights = {
  inline: Statement[]
  /** Logical id to managed policy, for the targets that an inline one does not hold. */
  managed: Record<string, CloudFormationResource>
}

/** The right to invoke these functions (names or ARNs), in as many policies as IAM's limits ask for. */
export function invokeRights(targets: readonly string[]): InvokeRights {
  const chunks: string[][] = [[]]
  for (const target of targets) {
    const last = chunks.at(-1) ?? []
    const limit = chunks.length === 1 ? INLINE : MANAGED
    if (policyLength([invoke([...last, target])]) > limit) chunks.push([target])
    else last.push(target)
  }
  const [inline = [], ...rest] = chunks
  return {
    inline: inline.length === 0 ? [] : [invoke(inline)],
    managed: Object.fromEntries(
      rest.map((chunk, index) => [
        ids.invokePolicy(index + 1),
        {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: { PolicyDocument: { Version: '2012-10-17', Statement: [invoke(chunk)] } },
        },
      ]),
    ),
  }
}

/** Both, because an invocation that names a qualifier is judged on that, and one that does not on the function. */
const invoke = (targets: readonly string[]) =>
  allow(
    ['lambda:InvokeFunction'],
    targets.flatMap((target) => [functionArn(target), functionArn(target, ':*')]),
  )
