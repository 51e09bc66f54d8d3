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
import type { Environment } from './environment'
import { nameFor, Steps, type Undo } from './steps'

/**
 * Makes a stack's resources as its template says: creates, updates and replaces, in order, independent ones side by
 * side. It deletes nothing: what is replaced or no longer wanted becomes a leftover of the stack.
 */
export class Application {
  private readonly scope: Scope
  private readonly steps: Steps

  constructor(
    private readonly stack: Stack,
    private readonly template: Template,
    input: StackInput,
    private readonly environment: Environment,
  ) {
    this.scope = createScope({
      template,
      input,
      stack,
      region: environment.region,
      exports: environment.store.exports(),
      resource: madeBy(stack),
    })
    this.steps = new Steps(stack, input.imports ?? [], environment)
  }

  /** What was done so far, the oldest first. */
  get undo(): readonly Undo[] {
    return this.steps.undo
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
        await this.steps.create(
          { ...rest, ...settings, name: nameFor(type, properties, existing?.name ?? name), properties },
          type,
          existing,
        )
        return
      }
      const changes = changedProperties(existing.properties, properties, type)
      if (changes.some((change) => change.replaces === 'Always')) {
        await this.steps.replace(existing, type, properties, settings)
      } else if (changes.length > 0 || existing.unsettled) {
        await this.steps.update(existing, type, properties, settings)
      } else {
        this.steps.keep(existing, settings)
      }
    } catch (error) {
      this.environment.signal.throwIfAborted()
      this.steps.failed(logicalId, existing, draft, error)
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
}
