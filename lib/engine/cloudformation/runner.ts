import { ApiError } from '../api'
import type { Clock } from '../clock'
import type { Environment } from './deploy/environment'
import { createStack, deleteStack, type FailureMode, updateStack } from './deploy/operation'
import { messageOf, validationError } from './errors'
import { stackId } from './identifiers'
import type { Stack, StackInput, Tag } from './model'
import { type QueryObject, type QueryValue, texts } from './query'
import { loadTemplate } from './template/load'
import { isObject, type Template } from './template/model'
import { resolveParameters } from './template/parameters'
import { parseTemplate } from './template/parse'
import { validateTemplate } from './template/validate'

/** States in which a stack takes an update. The FAILED ones are what a deploy without rollback leaves behind. */
const UPDATABLE = new Set([
  'CREATE_COMPLETE',
  'CREATE_FAILED',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
])

/** AWS::IAM types make CloudFormation ask whether one knows what one does. */
const NAMED_IAM: Record<string, string> = {
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
}

/** Begins operations on stacks and knows those that are under way. */
export class StackRunner {
  private readonly running = new Set<Promise<void>>()

  constructor(
    readonly environment: Environment,
    readonly clock: Clock,
  ) {}

  get store() {
    return this.environment.store
  }

  /** What a request asks a stack to be, checked as far as that can be done without making anything. */
  async read(input: QueryObject, previous?: Stack): Promise<{ template: Template; input: StackInput }> {
    const before = previous?.input
    const usePrevious = input['UsePreviousTemplate'] === 'true' && before !== undefined
    const text = usePrevious ? before.template : await loadTemplate(input, this.environment.clients)
    const template = parseTemplate(text)
    validateTemplate(template)
    const capabilities = texts(input['Capabilities'])
    requireCapabilities(template, capabilities)
    return {
      template,
      input: {
        template: text,
        parameters: resolveParameters(template, input['Parameters'], before?.parameters),
        tags: input['Tags'] === undefined ? (before?.tags ?? []) : tagsOf(input['Tags']),
        capabilities,
        notificationArns: texts(input['NotificationARNs']),
        ...(typeof input['RoleARN'] === 'string' ? { roleArn: input['RoleARN'] } : {}),
      },
    }
  }

  /** A stack of which nothing is made yet. */
  register(name: string, status: 'REVIEW_IN_PROGRESS' | 'CREATE_IN_PROGRESS'): Stack {
    if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
      throw validationError(
        `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
      )
    }
    const stack: Stack = {
      id: stackId(this.environment.region, name),
      name,
      status,
      createdAt: this.clock.now(),
      resources: {},
      leftovers: [],
      outputs: [],
      events: [],
      changeSets: [],
      terminationProtection: false,
      disableRollback: false,
    }
    this.store.add(stack)
    this.environment.journal.stack(stack, status, 'User Initiated')
    return stack
  }

  requireUpdatable(stack: Stack): void {
    if (UPDATABLE.has(stack.status)) return
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`)
  }

  create(stack: Stack, input: StackInput, onFailure: FailureMode): void {
    stack.input = input
    stack.disableRollback = onFailure === 'DO_NOTHING'
    if (stack.status !== 'CREATE_IN_PROGRESS') {
      this.environment.journal.stack(stack, 'CREATE_IN_PROGRESS', 'User Initiated')
    }
    this.run(stack, createStack(stack, input, onFailure, this.environment))
  }

  update(stack: Stack, input: StackInput, onFailure: FailureMode): void {
    stack.disableRollback = onFailure === 'DO_NOTHING'
    stack.updatedAt = this.clock.now()
    for (const changeSet of stack.changeSets) {
      if (changeSet.executionStatus === 'AVAILABLE') changeSet.executionStatus = 'OBSOLETE'
    }
    this.environment.journal.stack(stack, 'UPDATE_IN_PROGRESS', 'User Initiated')
    this.run(stack, updateStack(stack, input, onFailure, this.environment))
  }

  delete(stack: Stack, retain: readonly string[]): void {
    if (stack.status === 'DELETE_IN_PROGRESS') return
    if (stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS') {
      throw validationError(`Stack [${stack.name}] cannot be deleted while in status ${stack.status}`)
    }
    this.environment.journal.stack(stack, 'DELETE_IN_PROGRESS', 'User Initiated')
    this.run(stack, deleteStack(stack, retain, this.environment))
  }

  /** Until no operation is under way. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running)
  }

  private run(stack: Stack, operation: Promise<void>): void {
    const done = operation
      .catch((error: unknown) => {
        if (this.environment.signal.aborted) return
        // Nothing that a template can bring about: every step's own failure is an event of the stack.
        const verb = stack.status.split('_')[0]
        this.environment.journal.stack(stack, `${verb}_FAILED`, `Internal Failure: ${messageOf(error)}`)
        this.environment.warn(`CloudFormation stack ${stack.name}: ${messageOf(error)}`)
      })
      .finally(() => this.running.delete(done))
    this.running.add(done)
  }
}

function tagsOf(value: QueryValue): Tag[] {
  const members: unknown[] = Array.isArray(value) ? value : []
  return members.filter(isObject).map((tag) => ({ Key: String(tag['Key']), Value: String(tag['Value']) }))
}

function requireCapabilities(template: Template, given: readonly string[]): void {
  const needed = neededCapability(template)
  if (needed === undefined || given.includes('CAPABILITY_NAMED_IAM') || given.includes(needed)) return
  throw new ApiError('InsufficientCapabilitiesException', `Requires capabilities : [${needed}]`)
}

/** What the template's IAM resources ask for, or undefined where there are none. */
export function neededCapability(template: Template): string | undefined {
  const iam = Object.values(template.Resources).filter(({ Type }) => Type.startsWith('AWS::IAM::'))
  if (iam.length === 0) return undefined
  const named = iam.some(({ Type, Properties }) => Properties?.[NAMED_IAM[Type] ?? ''] !== undefined)
  return named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'
}
