import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import type { Deps } from '../deps'
import { checkRevision, conflict, noFunction, notFound } from '../errors'
import { functionArn, parseFunctionRef } from '../function-ref'
import { json, noContent, type Operation, page } from '../router'
import type { Alias, FunctionRecord } from '../store'
import { body } from '../validate'

const PATH = '/2015-03-31/functions/{FunctionName}/aliases'
const LARGEST_PAGE = 50

const settings = {
  Description: z.optional(z.string().check(z.maxLength(256))),
  FunctionVersion: z.optional(z.string()),
  RoutingConfig: z.optional(
    z.strictObject({
      AdditionalVersionWeights: z.optional(
        z.strictObject({}, 'weighted aliases are not supported by the local engine'),
      ),
    }),
  ),
}
const CreateRequest = z.strictObject({
  ...settings,
  FunctionVersion: z.string(),
  Name: z.string().check(z.regex(/^(?!^[0-9]+$)[a-zA-Z0-9-_]{1,128}$/)),
})
const UpdateRequest = z.strictObject({ ...settings, RevisionId: z.optional(z.string()) })

export const createAlias: Operation<Deps> = {
  method: 'POST',
  path: PATH,
  run({ store }, request, { FunctionName = '' }) {
    const { Name, FunctionVersion, Description = '' } = body(request, CreateRequest)
    const fn = store.get(parseFunctionRef(FunctionName).name)
    const arn = functionArn(store.region, fn.name, Name)
    if (fn.aliases[Name]) throw conflict(`Alias already exists: ${arn}`)
    checkVersion(store.region, fn, FunctionVersion)
    const alias = { name: Name, version: FunctionVersion, description: Description, revisionId: randomUUID() }
    fn.aliases[Name] = alias
    store.save()
    return json(201, shape(store.region, fn, alias))
  },
}

export const getAlias: Operation<Deps> = {
  method: 'GET',
  path: `${PATH}/{Name}`,
  run({ store }, _request, { FunctionName = '', Name = '' }) {
    const fn = store.get(parseFunctionRef(FunctionName).name)
    return json(200, shape(store.region, fn, find(store.region, fn, Name)))
  },
}

export const updateAlias: Operation<Deps> = {
  method: 'PUT',
  path: `${PATH}/{Name}`,
  run({ store }, request, { FunctionName = '', Name = '' }) {
    const { FunctionVersion, Description, RevisionId } = body(request, UpdateRequest)
    const fn = store.get(parseFunctionRef(FunctionName).name)
    const alias = find(store.region, fn, Name)
    checkRevision(RevisionId, alias.revisionId)
    if (FunctionVersion !== undefined) {
      checkVersion(store.region, fn, FunctionVersion)
      alias.version = FunctionVersion
    }
    if (Description !== undefined) alias.description = Description
    alias.revisionId = randomUUID()
    store.save()
    return json(200, shape(store.region, fn, alias))
  },
}

export const deleteAlias: Operation<Deps> = {
  method: 'DELETE',
  path: `${PATH}/{Name}`,
  run({ store }, _request, { FunctionName = '', Name = '' }) {
    const fn = store.get(parseFunctionRef(FunctionName).name)
    delete fn.aliases[Name]
    store.save()
    return noContent
  },
}

export const listAliases: Operation<Deps> = {
  method: 'GET',
  path: PATH,
  run({ store }, request, { FunctionName = '' }) {
    const fn = store.get(parseFunctionRef(FunctionName).name)
    const version = request.query.get('FunctionVersion')
    const aliases = Object.values(fn.aliases).filter((alias) => version === null || alias.version === version)
    const { items, ...next } = page(request, aliases, LARGEST_PAGE)
    return json(200, { Aliases: items.map((alias) => shape(store.region, fn, alias)), ...next })
  },
}

function find(region: string, fn: FunctionRecord, name: string): Alias {
  const alias = fn.aliases[name]
  if (!alias) throw notFound(`Cannot find alias arn: ${functionArn(region, fn.name, name)}`)
  return alias
}

function checkVersion(region: string, fn: FunctionRecord, version: string): void {
  if (version === '$LATEST' || fn.versions[version]) return
  throw noFunction(functionArn(region, fn.name, version))
}

function shape(region: string, fn: FunctionRecord, alias: Alias) {
  return {
    AliasArn: functionArn(region, fn.name, alias.name),
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    RevisionId: alias.revisionId,
  }
}
