import { isDeepStrictEqual } from 'node:util'
import { validationError } from '../errors'
import { physicalName } from '../identifiers'
import type { Resource, Stack } from '../model'
import type { Properties, ResourceType } from '../resources/type'
import { type Environment, resourceContext } from './environment'
import { failureReason } from './failure'

/** One step of an update. `before` is absent for what it has made; `untouched`: no service was called for it. */
export type Undo = { logicalId: string; before?: Resource; untouched?: true }

/** What can be done to one resource of a stack: each step is told in its events and remembered for a rollback. */
export class Steps {
  readonly undo: Undo[] = []

  constructor(
    private readonly stack: Stack,
    /** Logical ids of what exists and is taken over, not made. */
    private readonly imports: readonly string[],
    private readonly environment: Environment,
  ) {}

  async create(resource: Resource, type: ResourceType, interrupted: Resource | undefined): Promise<void> {
    const { journal } = this.environment
    this.begin(resource, undefined)
    const context = resourceContext(resource, this.environment)
    if (this.imports.includes(resource.logicalId)) {
      await this.take(resource, type)
      return
    }
    journal.resource(this.stack, resource, 'CREATE_IN_PROGRESS')
    const found = interrupted?.unsettled && (await type.find?.(resource.properties, context))
    if (found) {
      const { physicalId, attributes = {} } = found
      const changed = await type.update?.(
        { physicalId, attributes, properties: {} },
        resource.properties,
        context,
      )
      this.finish(resource, physicalId, { ...attributes, ...changed })
    } else {
      const created = await type.create(resource.properties, context)
      this.finish(resource, created.physicalId, created.attributes ?? {})
    }
    journal.resource(this.stack, resource, 'CREATE_COMPLETE')
  }

  /** As on AWS what is taken over is left as it is, also where the template says otherwise. */
  private async take(resource: Resource, type: ResourceType): Promise<void> {
    const { journal } = this.environment
    journal.resource(this.stack, resource, 'IMPORT_IN_PROGRESS')
    const found = await type.find?.(resource.properties, resourceContext(resource, this.environment))
    if (!found) throw validationError(`Resource ${resource.name} to be imported does not exist`)
    this.finish(resource, found.physicalId, found.attributes ?? {})
    journal.resource(this.stack, resource, 'IMPORT_COMPLETE')
  }

  async update(
    existing: Resource,
    type: ResourceType,
    properties: Properties,
    settings: Partial<Resource>,
  ): Promise<void> {
    const { journal } = this.environment
    const before = { ...existing }
    const { physicalId = '', attributes } = before
    const refusal = existing.unsettled ? undefined : type.refuses?.(before.properties, properties)
    if (refusal !== undefined) throw validationError(refusal)
    const resource = { ...existing, ...settings, properties }
    this.begin(resource, before)
    journal.resource(this.stack, resource, 'UPDATE_IN_PROGRESS')
    const context = resourceContext(resource, this.environment)
    // After a step whose end is not known nothing is taken for applied, and where it was the create attributes are missing.
    const applied = existing.unsettled ? {} : before.properties
    const found = existing.unsettled ? await type.find?.(properties, context) : undefined
    const known = { ...attributes, ...found?.attributes }
    const changed = await type.update?.(
      { physicalId, attributes: known, properties: applied },
      properties,
      context,
    )
    this.finish(resource, physicalId, { ...known, ...changed })
    journal.resource(this.stack, resource, 'UPDATE_COMPLETE')
  }

  async replace(
    existing: Resource,
    type: ResourceType,
    properties: Properties,
    settings: Partial<Resource>,
  ): Promise<void> {
    const { journal } = this.environment
    const name = nameFor(type, properties, physicalName(this.stack.name, existing.logicalId, type.name))
    if (type.name && isSameName(type, existing.properties, properties)) {
      throw validationError(
        `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${name} and update the stack again.`,
      )
    }
    const before = { ...existing }
    const { physicalId: _, unsettled: __, ...rest } = before
    const resource: Resource = { ...rest, ...settings, name, properties, attributes: {} }
    this.begin(resource, before)
    this.stack.leftovers.push({ ...before, deletionPolicy: resource.updateReplacePolicy })
    journal.resource(
      this.stack,
      resource,
      'UPDATE_IN_PROGRESS',
      'Requested update requires the creation of a new physical resource; hence creating one.',
    )
    const created = await type.create(properties, resourceContext(resource, this.environment))
    this.finish(resource, created.physicalId, created.attributes ?? {})
    journal.resource(this.stack, resource, 'UPDATE_COMPLETE')
  }

  /** Nothing to do but to remember what the template says of it. */
  keep(existing: Resource, settings: Partial<Resource>): void {
    this.undo.push({ logicalId: existing.logicalId, before: { ...existing }, untouched: true })
    Object.assign(existing, settings)
    if (settings.metadata === undefined) delete existing.metadata
  }

  /** Says so, and keeps what the next step on the resource, or a rollback, has to know. */
  failed(logicalId: string, existing: Resource | undefined, draft: Resource, error: unknown): void {
    if (!this.undo.some((step) => step.logicalId === logicalId)) {
      const before = existing && { ...existing }
      this.undo.push({ logicalId, ...(before ? { before } : {}), untouched: true })
      this.stack.resources[logicalId] = draft
    }
    const failed = this.stack.resources[logicalId] ?? draft
    // Only where something was made: what is there without us must not be taken for ours by the next update.
    const isTouched = !this.undo.some((step) => step.logicalId === logicalId && step.untouched)
    if (isTouched && failed.physicalId !== undefined) failed.unsettled = true
    const verb = existing?.physicalId === undefined ? 'CREATE' : 'UPDATE'
    this.environment.journal.resource(this.stack, failed, `${verb}_FAILED`, failureReason(error, failed))
  }

  private begin(resource: Resource, before: Resource | undefined): void {
    this.stack.resources[resource.logicalId] = resource
    this.undo.push({ logicalId: resource.logicalId, ...(before ? { before } : {}) })
  }

  private finish(resource: Resource, physicalId: string, attributes: Record<string, string>): void {
    resource.physicalId = physicalId
    resource.attributes = attributes
    delete resource.unsettled
  }
}

/** The template's own name for it, else the one made up. */
export function nameFor(type: ResourceType, properties: Properties, otherwise: string): string {
  const own = type.name && properties[type.name.property]
  return own === undefined ? otherwise : String(own)
}

/** Whether a replacement would have the name of what it replaces. */
function isSameName(type: ResourceType, before: Properties, after: Properties): boolean {
  const { property = '', within } = type.name ?? {}
  if (after[property] === undefined || before[property] !== after[property]) return false
  return within === undefined || isDeepStrictEqual(before[within], after[within])
}
