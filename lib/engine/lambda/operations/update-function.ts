import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import { CodeSource } from '../code'
import { settings, withSettings } from '../config'
import type { Deps } from '../deps'
import { describe } from '../describe'
import { checkRevision } from '../errors'
import { parseFunctionRef } from '../function-ref'
import { json, type Operation } from '../router'
import { type FunctionRecord, publish, type Version } from '../store'
import { body } from '../validate'

const CodeRequest = z.extend(CodeSource, {
  Publish: z.optional(z.boolean()),
  DryRun: z.optional(z.boolean()),
  RevisionId: z.optional(z.string()),
  Architectures: z.optional(z.array(z.enum(['x86_64', 'arm64']))),
})

export const updateFunctionCode: Operation<Deps> = {
  method: 'PUT',
  path: '/2015-03-31/functions/{FunctionName}/code',
  async run(deps, request, { FunctionName = '' }) {
    const { store, code } = deps
    const { Publish, DryRun, RevisionId, Architectures, ...source } = body(request, CodeRequest)
    const fn = store.get(parseFunctionRef(FunctionName).name)
    checkRevision(RevisionId, fn.latest.revisionId)
    const added = await code.add(source)
    const architecture = Architectures?.[0]
    const config =
      architecture === undefined ? fn.latest.config : { ...fn.latest.config, Architecture: architecture }
    if (DryRun) return json(200, describe(store.region, fn, { ...fn.latest, code: added, config }, false))
    change(deps, fn, { code: added, config })
    const version = Publish ? publish(fn, deps.context.clock.now()) : fn.latest
    store.save()
    return json(200, describe(store.region, fn, version, Publish === true))
  },
}

const ConfigurationRequest = z.strictObject({ ...settings, RevisionId: z.optional(z.string()) })

export const updateFunctionConfiguration: Operation<Deps> = {
  method: 'PUT',
  path: '/2015-03-31/functions/{FunctionName}/configuration',
  run(deps, request, { FunctionName = '' }) {
    const { store } = deps
    const { RevisionId, ...settings } = body(request, ConfigurationRequest)
    const fn = store.get(parseFunctionRef(FunctionName).name)
    checkRevision(RevisionId, fn.latest.revisionId)
    change(deps, fn, { config: withSettings(fn.latest.config, settings) })
    store.save()
    return json(200, describe(store.region, fn, fn.latest, false))
  },
}

/** What runs goes on with what it has; the next invocation gets an environment of the new version. */
function change({ context, pool }: Deps, fn: FunctionRecord, what: Partial<Version>): void {
  fn.latest = { ...fn.latest, ...what, revisionId: randomUUID(), lastModified: context.clock.now() }
  pool.retire(fn.name, '$LATEST')
}
