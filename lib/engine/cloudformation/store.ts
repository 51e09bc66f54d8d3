import { join } from 'node:path'
import { StateFile } from '../state-file'
import { validationError } from './errors'
import type { Resource, Stack } from './model'

type State = { stacks: Stack[] }

/** Deleted stacks that can still be asked for by id. AWS keeps them for 90 days. */
const KEEP_DELETED = 10
/** Of one stack. A deploy makes two a resource; the whole file is written at each. */
const KEEP_EVENTS = 500

/**
 * Where a stack goes whose operation was cut off. Both FAILED states can be updated, as on AWS after a deploy with
 * `disableRollback`; a cleanup goes on with the next deploy.
 */
const AFTER_A_KILL: Record<string, string> = {
  CREATE_IN_PROGRESS: 'CREATE_FAILED',
  ROLLBACK_IN_PROGRESS: 'CREATE_FAILED',
  UPDATE_IN_PROGRESS: 'UPDATE_FAILED',
  UPDATE_ROLLBACK_IN_PROGRESS: 'UPDATE_FAILED',
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: 'UPDATE_COMPLETE',
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: 'UPDATE_ROLLBACK_COMPLETE',
  DELETE_IN_PROGRESS: 'DELETE_FAILED',
}

/** The stacks, on disk after each change. */
export class Store {
  private readonly file: StateFile<State>
  private readonly state: State

  constructor(dataDir: string) {
    this.file = new StateFile<State>(join(dataDir, 'stacks.json'), () => ({ stacks: [] }))
    this.state = this.file.load()
    // A stack that was only under review owns nothing, and osls will not deploy over one.
    this.state.stacks = this.state.stacks.filter((stack) => stack.status !== 'REVIEW_IN_PROGRESS')
    for (const stack of this.state.stacks) settle(stack)
  }

  /** Those that exist. */
  live(): Stack[] {
    return this.state.stacks.filter((stack) => stack.status !== 'DELETE_COMPLETE')
  }

  all(): readonly Stack[] {
    return this.state.stacks
  }

  /** By name, among those that exist, or by id, among the deleted ones too. */
  find(nameOrId: string): Stack | undefined {
    return (
      this.live().find((stack) => stack.name === nameOrId) ??
      this.state.stacks.find((stack) => stack.id === nameOrId)
    )
  }

  /** Throws what DescribeStacks throws. */
  get(nameOrId: string): Stack {
    const stack = this.find(nameOrId)
    if (!stack) throw validationError(`Stack with id ${nameOrId} does not exist`)
    return stack
  }

  add(stack: Stack): void {
    this.state.stacks.push(stack)
    const deleted = this.state.stacks.filter((one) => one.status === 'DELETE_COMPLETE')
    const dropped = new Set(deleted.slice(0, Math.max(0, deleted.length - KEEP_DELETED)))
    this.state.stacks = this.state.stacks.filter((one) => !dropped.has(one))
    this.save()
  }

  save(): void {
    for (const stack of this.state.stacks) stack.events.splice(0, stack.events.length - KEEP_EVENTS)
    this.file.save(this.state)
  }

  /** Name to value and stack, of all stacks that exist. */
  exports(): Map<string, { value: string; stackId: string }> {
    const named = this.live().flatMap((stack) =>
      stack.outputs.flatMap(({ exportName, value }) =>
        exportName === undefined ? [] : [[exportName, { value, stackId: stack.id }] as const],
      ),
    )
    return new Map(named)
  }
}

function settle(stack: Stack): void {
  const status = AFTER_A_KILL[stack.status]
  if (status === undefined) return
  stack.status = status
  stack.statusReason = 'The engine was stopped in the middle of the operation.'
  takeBackLeftovers(stack)
  for (const resource of Object.values(stack.resources)) {
    if (!resource.status.endsWith('_IN_PROGRESS')) continue
    resource.status = resource.status.replace('_IN_PROGRESS', '_FAILED')
    resource.unsettled = true
  }
}

/** What was to be deleted and is still there belongs to the stack again, else its name would be in the next deploy's way. */
function takeBackLeftovers(stack: Stack): void {
  const isBack = (resource: Resource) =>
    resource.physicalId !== undefined &&
    resource.status !== 'DELETE_IN_PROGRESS' &&
    !Object.hasOwn(stack.resources, resource.logicalId)
  for (const resource of stack.leftovers.filter(isBack)) {
    stack.resources[resource.logicalId] = { ...resource, unsettled: true }
  }
  const taken = new Set(Object.values(stack.resources).map((resource) => resource.physicalId))
  stack.leftovers = stack.leftovers.filter((resource) => !taken.has(resource.physicalId))
}
