import * as z from 'zod/mini'
import type { Deps } from '../deps'
import { parseFunctionRef } from '../function-ref'
import { json, noContent, type Operation } from '../router'
import { body } from '../validate'

const PATH = '/2017-10-31/functions/{FunctionName}/concurrency'
const Request = z.strictObject({ ReservedConcurrentExecutions: z.int().check(z.minimum(0)) })

export const putFunctionConcurrency: Operation<Deps> = {
  method: 'PUT',
  path: PATH,
  run({ store }, request, { FunctionName = '' }) {
    const { ReservedConcurrentExecutions } = body(request, Request)
    store.get(parseFunctionRef(FunctionName).name).reservedConcurrency = ReservedConcurrentExecutions
    store.save()
    return json(200, { ReservedConcurrentExecutions })
  },
}

export const getFunctionConcurrency: Operation<Deps> = {
  method: 'GET',
  path: '/2019-09-30/functions/{FunctionName}/concurrency',
  run({ store }, _request, { FunctionName = '' }) {
    const { reservedConcurrency } = store.get(parseFunctionRef(FunctionName).name)
    return json(200, { ReservedConcurrentExecutions: reservedConcurrency })
  },
}

export const deleteFunctionConcurrency: Operation<Deps> = {
  method: 'DELETE',
  path: PATH,
  run({ store }, _request, { FunctionName = '' }) {
    delete store.get(parseFunctionRef(FunctionName).name).reservedConcurrency
    store.save()
    return noContent
  },
}
