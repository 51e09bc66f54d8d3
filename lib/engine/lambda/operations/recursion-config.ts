import * as z from 'zod/mini'
import type { Deps } from '../deps'
import { parseFunctionRef } from '../function-ref'
import { json, type Operation } from '../router'
import { body } from '../validate'

const PATH = '/2024-08-31/functions/{FunctionName}/recursion-config'
const Request = z.strictObject({ RecursiveLoop: z.enum(['Allow', 'Terminate']) })

export const putFunctionRecursionConfig: Operation<Deps> = {
  method: 'PUT',
  path: PATH,
  run({ store }, request, { FunctionName = '' }) {
    const { RecursiveLoop } = body(request, Request)
    store.get(parseFunctionRef(FunctionName).name).recursiveLoop = RecursiveLoop
    store.save()
    return json(200, { RecursiveLoop })
  },
}

export const getFunctionRecursionConfig: Operation<Deps> = {
  method: 'GET',
  path: PATH,
  run({ store }, _request, { FunctionName = '' }) {
    return json(200, { RecursiveLoop: store.get(parseFunctionRef(FunctionName).name).recursiveLoop })
  },
}
