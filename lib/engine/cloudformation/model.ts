import type { Attributes, Properties } from './resources/type'
import type { DeletionPolicy } from './template/model'

/** All times in epoch milliseconds. Everything here is kept as JSON. */
export type Resource = {
  logicalId: string
  type: string
  /** The physical name chosen before the create, so that a kill in the middle leaves a trace. */
  name: string
  /** Absent until something has been made. */
  physicalId?: string
  attributes: Attributes
  /** As evaluated and last applied. */
  properties: Properties
  dependsOn: string[]
  deletionPolicy: DeletionPolicy
  updateReplacePolicy: DeletionPolicy
  metadata?: unknown
  status: string
  statusReason?: string
  updatedAt: number
  /** A create or update of it was begun and its end is not known: the next update applies everything anew. */
  unsettled?: boolean
}

export type StackEvent = {
  id: string
  at: number
  logicalId: string
  physicalId?: string
  type: string
  status: string
  reason?: string
  properties?: string
}

export type Output = { key: string; value: string; description?: string; exportName?: string }
export type Tag = { Key: string; Value: string }

/** What a stack is asked to be. */
export type StackInput = {
  /** The template as it was submitted. */
  template: string
  parameters: Record<string, string>
  tags: Tag[]
  capabilities: string[]
  notificationArns: string[]
  roleArn?: string
  /** Logical ids of what exists and is taken over, not made. */
  imports?: string[]
}

export type PropertyChange = {
  name: string
  replaces: 'Always' | 'Conditionally' | 'Never'
  /** Dynamic: it hangs on a resource that is still to be made, so whether it changes shows at execution. */
  evaluation: 'Static' | 'Dynamic'
}

export type ResourceChange = {
  action: 'Add' | 'Import' | 'Modify' | 'Remove'
  logicalId: string
  type: string
  physicalId?: string
  replacement?: 'True' | 'False' | 'Conditional'
  scope: string[]
  details: PropertyChange[]
}

export type ChangeSet = {
  id: string
  name: string
  type: 'CREATE' | 'UPDATE'
  description?: string
  createdAt: number
  status: 'CREATE_COMPLETE' | 'FAILED'
  statusReason?: string
  executionStatus: 'AVAILABLE' | 'UNAVAILABLE' | 'OBSOLETE' | 'EXECUTE_IN_PROGRESS'
  input: StackInput
  changes: ResourceChange[]
}

export type Stack = {
  id: string
  name: string
  status: string
  statusReason?: string
  createdAt: number
  updatedAt?: number
  deletedAt?: number
  /** Absent while a first change set is only under review. */
  input?: StackInput
  description?: string
  resources: Record<string, Resource>
  /** Replaced or removed, and still to be deleted. */
  leftovers: Resource[]
  outputs: Output[]
  /** Oldest first. */
  events: StackEvent[]
  changeSets: ChangeSet[]
  changeSetId?: string
  policy?: string
  terminationProtection: boolean
  disableRollback: boolean
}
