import type { Deps } from '../deps'
import { conflict, invalid, noFunction } from '../errors'
import { functionArn, parseFunctionRef } from '../function-ref'
import { noContent, type Operation } from '../router'

/** A whole function or one published version. Running invocations go on to their end. */
export const deleteFunction: Operation<Deps> = {
  method: 'DELETE',
  path: '/2015-03-31/functions/{FunctionName}',
  run({ store, pool }, request, { FunctionName = '' }) {
    const { name, qualifier } = parseFunctionRef(FunctionName, request.query.get('Qualifier'))
    const fn = store.get(name)
    if (qualifier === undefined) {
      store.remove(name)
      pool.retire(name)
      return noContent
    }
    if (qualifier === '$LATEST')
      throw invalid('$LATEST version cannot be deleted without deleting the function.')
    if (!fn.versions[qualifier]) throw noFunction(functionArn(store.region, name, qualifier))
    const aliases = Object.values(fn.aliases).filter((alias) => alias.version === qualifier)
    if (aliases.length > 0) {
      const names = aliases.map((alias) => alias.name).join(', ')
      throw conflict(`Version ${qualifier} can not be deleted because aliases point to it: ${names}`)
    }
    delete fn.versions[qualifier]
    store.save()
    pool.retire(name, qualifier)
    return noContent
  },
}
