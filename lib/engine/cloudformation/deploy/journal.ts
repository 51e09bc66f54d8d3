import { randomUUID } from 'node:crypto'
import type { Clock } from '../../clock'
import type { Resource, Stack } from '../model'
import type { Store } from '../store'

/** Writes down each change of a status: in the stack, as an event, and on disk. */
export class Journal {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  stack(stack: Stack, status: string, reason?: string): void {
    stack.status = status
    setOrDrop(stack, 'statusReason', reason)
    this.event(stack, {
      logicalId: stack.name,
      physicalId: stack.id,
      type: 'AWS::CloudFormation::Stack',
      status,
      reason,
    })
  }

  resource(stack: Stack, resource: Resource, status: string, reason?: string): void {
    resource.status = status
    resource.updatedAt = this.clock.now()
    setOrDrop(resource, 'statusReason', reason)
    const { logicalId, physicalId, type, properties } = resource
    this.event(stack, { logicalId, physicalId, type, status, reason, properties: JSON.stringify(properties) })
  }

  now(): number {
    return this.clock.now()
  }

  save(): void {
    this.store.save()
  }

  private event(
    stack: Stack,
    event: {
      logicalId: string
      physicalId: string | undefined
      type: string
      status: string
      reason: string | undefined
      properties?: string
    },
  ): void {
    const { physicalId, reason, ...rest } = event
    stack.events.push({
      id: event.type === 'AWS::CloudFormation::Stack' ? randomUUID() : `${event.logicalId}-${randomUUID()}`,
      at: this.clock.now(),
      ...rest,
      ...(physicalId === undefined ? {} : { physicalId }),
      ...(reason === undefined ? {} : { reason }),
    })
    this.store.save()
  }
}

function setOrDrop(target: { statusReason?: string }, name: 'statusReason', value: string | undefined): void {
  if (value === undefined) delete target[name]
  else target[name] = value
}
