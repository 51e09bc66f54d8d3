import type { Clients } from './clients'
import type { Shape } from './shape'

export type Properties = Record<string, unknown>
export type Attributes = Record<string, string>

export type Property = {
  shape: Shape
  /** AWS's "Update requires: Replacement". */
  replaces?: true
}

/** What Ref and Fn::GetAtt answer for a resource. */
export type Created = { physicalId: string; attributes?: Attributes }

export type Deployed = { physicalId: string; attributes: Attributes; properties: Properties }

export type ResourceContext = {
  clients: Clients
  region: string
  account: string
  /** The name to give where the template gives none: `STACK-LOGICALID-RANDOM` (or the template's). */
  name: string
  /**
   * To be called as soon as there is something to delete, by a create of several calls, so that what is half made is
   * taken back when a later call fails or the engine is killed.
   */
  made(physicalId: string): void
  /** Waits, on the machine's own clock, for a service that does something in the background. */
  pause(milliseconds: number): Promise<void>
}

/** A kind of resource: what may be said of it, and how it is made, changed and deleted. */
export interface ResourceType {
  /** As in `AWS::Logs::LogGroup`. */
  readonly type: string
  /** The engine has nothing of it but the name: all properties and attributes are taken. */
  readonly elsewhere?: true
  readonly properties: Readonly<Record<string, Property>>
  readonly required: readonly string[]
  /** The names Fn::GetAtt takes. */
  readonly attributes: readonly string[]
  /** The property with the resource's name, the longest name AWS takes, and the property it is unique within. */
  readonly name?: { property: string; limit: number; lowerCase?: true; within?: string }
  /** Problems beyond the form of the properties. They may hold intrinsic functions, which must be let pass. */
  check?(properties: Properties): string[]
  /** Throws what the service throws; a resource of that name that exists is an error. */
  create(properties: Properties, context: ResourceContext): Promise<Created>
  /** Why this change of properties, that AWS would make in place, cannot be made here; asked before anything is touched. */
  refuses?(before: Properties, after: Properties): string | undefined
  /** Absent: every change replaces. Answers the attributes that have changed. */
  update?(before: Deployed, after: Properties, context: ResourceContext): Promise<Attributes | undefined>
  /** Must be content when the resource is gone already. */
  delete(deployed: Deployed, context: ResourceContext): Promise<void>
  /**
   * After a kill in the middle of a create: what it left behind, if anything. Absent where create can be repeated.
   */
  find?(properties: Properties, context: ResourceContext): Promise<Created | undefined>
}

/** A property that can be changed in place. */
export const mutable = (shape: Shape): Property => ({ shape })

/** A property whose change makes a new resource. */
export const replaces = (shape: Shape): Property => ({ shape, replaces: true })
