import type { Deps } from '../deps'
import { CONCURRENCY } from '../execution/pool'
import { json, type Operation } from '../router'

export const getAccountSettings: Operation<Deps> = {
  method: 'GET',
  path: '/2016-08-19/account-settings',
  run({ store }) {
    const sizes = store.functions.map((fn) => fn.latest.code.size)
    const reserved = store.functions.reduce((sum, fn) => sum + (fn.reservedConcurrency ?? 0), 0)
    return json(200, {
      AccountLimit: {
        TotalCodeSize: 80_530_636_800,
        CodeSizeUnzipped: 262_144_000,
        CodeSizeZipped: 52_428_800,
        ConcurrentExecutions: CONCURRENCY,
        UnreservedConcurrentExecutions: Math.max(0, CONCURRENCY - reserved),
      },
      AccountUsage: {
        TotalCodeSize: sizes.reduce((sum, size) => sum + size, 0),
        FunctionCount: store.functions.length,
      },
    })
  },
}
