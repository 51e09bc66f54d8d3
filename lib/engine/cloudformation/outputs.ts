import type { Output } from './model'
import { isWanted } from './scope'
import { evaluate, type Scope } from './template/evaluate'
import type { Template } from './template/model'

/** The outputs of a stack whose resources are all made. */
export function outputsOf(template: Template, scope: Scope): Output[] {
  return Object.entries(template.Outputs)
    .filter(([, declared]) => isWanted(declared.Condition, scope))
    .map(([key, declared]) => {
      const exportName = evaluate(declared.Export?.Name, scope)
      return {
        key,
        value: String(evaluate(declared.Value, scope)),
        ...(declared.Description === undefined ? {} : { description: declared.Description }),
        ...(exportName === undefined ? {} : { exportName: String(exportName) }),
      }
    })
}
