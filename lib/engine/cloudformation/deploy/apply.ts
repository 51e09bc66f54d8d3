import { isDeepStrictEqual } from 'node:util'
import { validationError } from '../errors'
import { physicalName } from '../identifiers'
import type { Output, Resource, Stack, StackInput } from '../model'
import { outputsOf } from '../outputs'
import { changedProperties } from '../plan'
import { resourceType } from '../resources/index'
import type { Properties, ResourceType } from '../resources/type'
import { createScope, isWanted, madeBy } from '../scope'
import { evaluate, type Scope } from '../template/evaluate'
import { runInOrder } from '../template/graph'
import type { Template, TemplateResource } from '../template/model'
import { conformAll, dependenciesOf, propertiesError } from '../template/validate'
import { type Environment, resourceContext } from './environment'
import { failureReason } from './failure'

/** One step of an update. `before` is absent for what it has made; `untouched`: no service was called for it. */
export type Undo = { logicalId: string; before?: Resource; untouched?: true }

/**
 * Makes a stack's resources as its template says: creates, updates and replaces, in order, independent ones side by
 * side. It deletes nothing: what is replaced or no longer wanted becomes a leftover of the stack.
 */
export class Application {
  readonly undo: Undo[] = []
  private readonly scope: Scope

  constructor(
    private readonly stack: Stack,
    private readonly template: Template,
    private readonly input: StackInput,
    private readonly environment: Environment,
  ) {
    this.scope = createScope({
      template,
      parameters: input.parameters,
      notificationArns: input.notificationArns,
      stack,
      region: environment.region,
      exports: environment.store.exports(),
      resource: madeBy(stack),
    })
  }

  /** Resolves with the logical ids that failed; the reasons are in their events. */
  async resources(): Promise<string[]> {
    const dependencies = new Map(
      [...dependenciesOf(this.template)].filter(([id]) =>
        isWanted(this.template.Resources[id]?.Condition, this.scope),
      ),
    )
    return runInOrder(dependencies, async (logicalId) => {
      this.environment.signal.throwIfAborted()
      const declared = this.template.Resources[logicalId]
      if (declared) await this.resource(logicalId, declared, [...(dependencies.get(logicalId) ?? [])])
    })
  }

  /** Throws ValidationError on an export that another stack has. */
  outputs(): Output[] {
    const exports = this.environment.store.exports()
    const outputs = outputsOf(this.template, this.scope)
    for (const { exportName } of outputs) {
      const other = exportName === undefined ? undefined : exports.get(exportName)
      if (!other || other.stackId === this.stack.id) continue
      throw validationError(`Export with name ${exportName} is already exported by stack ${other.stackId}`)
    }
    return outputs
  }

  /** Takes what the template no longer has out of the stack, to be deleted once all else is well. */
  releaseUnwanted(): void {
    for (const resource of Object.values(this.stack.resources)) {
      const declared = this.template.Resources[resource.logicalId]
      if (declared && isWanted(declared.Condition, this.scope)) continue
      delete this.stack.resources[resource.logicalId]
      this.stack.leftovers.push(resource)
    }
  }

  private async resource(logicalId: string, declared: TemplateResource, dependsOn: string[]): Promise<void> {
    const type = resourceType(declared.Type)
    const existing = this.stack.resources[logicalId]
    const settings = {
      dependsOn,
      deletionPolicy: declared.DeletionPolicy ?? 'Delete',
      updateReplacePolicy: declared.UpdateReplacePolicy ?? 'Delete',
      ...(declared.Metadata === undefined ? {} : { metadata: declared.Metadata }),
    } as const
    const draft = existing ?? this.draft(logicalId, type, settings)
    try {
      const properties = this.properties(logicalId, declared, type)
      if (existing?.physicalId === undefined) {
        const { name, ...rest } = draft
        await this.create(
          { ...rest, ...settings, name: this.nameFor(type, properties, existing?.name ?? name), properties },
          type,
          existing,
        )
        return
      }
      const changes = changedProperties(existing.properties, properties, type)
      if (changes.some((change) => change.replaces === 'Always')) {
        await this.replace(existing, type, properties, settings)
      } else if (changes.length > 0 || existing.unsettled) {
        await this.update(existing, type, properties, settings)
      } else {
        this.undo.push({ logicalId, before: { ...existing }, untouched: true })
        Object.assign(existing, settings)
        if (declared.Metadata === undefined) delete existing.metadata
      }
    } catch (error) {
      this.environment.signal.throwIfAborted()
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
      throw error
    }
  }

  private properties(logicalId: string, declared: TemplateResource, type: ResourceType): Properties {
    const { value, problems } = conformAll(
      evaluate(declared.Properties ?? {}, this.scope) as Properties,
      type,
      false,
    )
    if (problems.length > 0) throw propertiesError(logicalId, type, problems)
    return value
  }

  private async create(
    resource: Resource,
    type: ResourceType,
    interrupted: Resource | undefined,
  ): Promise<void> {
    const { journal } = this.environment
    this.begin(resource, undefined)
    const context = resourceContext(resource, this.environment)
    if (this.input.imports?.includes(resource.logicalId)) {
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

  private async update(
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

  private async replace(
    existing: Resource,
    type: ResourceType,
    properties: Properties,
    settings: Partial<Resource>,
  ): Promise<void> {
    const { journal } = this.environment
    const name = this.nameFor(type, properties, physicalName(this.stack.name, existing.logicalId, type.name))
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

  private begin(resource: Resource, before: Resource | undefined): void {
    this.stack.resources[resource.logicalId] = resource
    this.undo.push({ logicalId: resource.logicalId, ...(before ? { before } : {}) })
  }

  private finish(resource: Resource, physicalId: string, attributes: Record<string, string>): void {
    resource.physicalId = physicalId
    resource.attributes = attributes
    delete resource.unsettled
  }

  private draft(
    logicalId: string,
    type: ResourceType,
    settings: Pick<Resource, 'dependsOn' | 'deletionPolicy' | 'updateReplacePolicy'>,
  ): Resource {
    return {
      logicalId,
      type: type.type,
      name: physicalName(this.stack.name, logicalId, type.name),
      attributes: {},
      properties: {},
      ...settings,
      status: 'CREATE_IN_PROGRESS',
      updatedAt: this.environment.journal.now(),
    }
  }

  /** The template's own name for it, else the one made up. */
  private nameFor(type: ResourceType, properties: Properties, otherwise: string): string {
    const own = type.name && properties[type.name.property]
    return own === undefined ? otherwise : String(own)
  }
}

/** Whether a replacement would have the name of what it replaces. */
function isSameName(type: ResourceType, before: Properties, after: Properties): boolean {
  const { property = '', within } = type.name ?? {}
  if (after[property] === undefined || before[property] !== after[property]) return false
  return within === undefined || isDeepStrictEqual(before[within], after[within])
}
