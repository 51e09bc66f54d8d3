import type { Deps } from '../deps'
import { describe } from '../describe'
import { parseFunctionRef } from '../function-ref'
import { json, type Operation, page } from '../router'

/** API model, shape MaxListItems; ListFunctions gives 50 at most. */
const LARGEST_PAGE = 50

export const getFunction: Operation<Deps> = {
  method: 'GET',
  path: '/2015-03-31/functions/{FunctionName}',
  run({ store }, request, { FunctionName = '' }) {
    const ref = parseFunctionRef(FunctionName, request.query.get('Qualifier'))
    const { fn, version } = store.resolve(ref)
    const hasTags = Object.keys(fn.tags).length > 0
    return json(200, {
      Configuration: describe(store.region, fn, version, ref.qualifier !== undefined),
      Code: { RepositoryType: 'S3' },
      ...(hasTags ? { Tags: fn.tags } : {}),
      ...(fn.reservedConcurrency === undefined
        ? {}
        : { Concurrency: { ReservedConcurrentExecutions: fn.reservedConcurrency } }),
    })
  },
}

export const getFunctionConfiguration: Operation<Deps> = {
  method: 'GET',
  path: '/2015-03-31/functions/{FunctionName}/configuration',
  run({ store }, request, { FunctionName = '' }) {
    const ref = parseFunctionRef(FunctionName, request.query.get('Qualifier'))
    const { fn, version } = store.resolve(ref)
    return json(200, describe(store.region, fn, version, ref.qualifier !== undefined))
  },
}

export const listFunctions: Operation<Deps> = {
  method: 'GET',
  path: '/2015-03-31/functions',
  run({ store }, request) {
    const all = request.query.get('FunctionVersion') === 'ALL'
    const versions = store.functions.flatMap((fn) => [
      describe(store.region, fn, fn.latest, all),
      ...(all ? Object.values(fn.versions).map((version) => describe(store.region, fn, version, true)) : []),
    ])
    const { items, ...next } = page(request, versions, LARGEST_PAGE)
    return json(200, { Functions: items, ...next })
  },
}

export const listVersionsByFunction: Operation<Deps> = {
  method: 'GET',
  path: '/2015-03-31/functions/{FunctionName}/versions',
  run({ store }, request, { FunctionName = '' }) {
    const fn = store.get(parseFunctionRef(FunctionName).name)
    const versions = [fn.latest, ...Object.values(fn.versions)].map((version) =>
      describe(store.region, fn, version, true),
    )
    const { items, ...next } = page(request, versions, LARGEST_PAGE)
    return json(200, { Versions: items, ...next })
  },
}
