import { isDeepStrictEqual } from 'node:util'
import type { ResourceChange, Stack, StackInput } from './model'
import { outputsOf } from './outputs'
import type { Surroundings } from './plan'
import { createScope, madeBy } from './scope'
import type { Template } from './template/model'

/** Whether there is anything to do: a resource, an output or a tag changes, or an operation was not brought to its end. */
export function hasChanges(
  stack: Stack,
  wanted: { template: Template; input: StackInput },
  changes: readonly ResourceChange[],
  around: Surroundings,
): boolean {
  return (
    changes.length > 0 ||
    stack.status.endsWith('_FAILED') ||
    stack.leftovers.length > 0 ||
    !isDeepStrictEqual(stack.input?.tags ?? [], wanted.input.tags) ||
    !isDeepStrictEqual(outputValues(stack, wanted, around), stack.outputs)
  )
}

/** The outputs as they will be; only asked for where no resource changes, so every resource is known. */
function outputValues(
  stack: Stack,
  { template, input }: { template: Template; input: StackInput },
  around: Surroundings,
) {
  const scope = createScope({
    ...around,
    template,
    input,
    stack,
    resource: madeBy(stack),
  })
  return outputsOf(template, scope)
}
