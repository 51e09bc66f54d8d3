import * as z from 'zod/mini'
import type { Deps } from '../deps'
import { describe } from '../describe'
import { checkRevision, invalid } from '../errors'
import { parseFunctionRef } from '../function-ref'
import { json, type Operation } from '../router'
import { publish } from '../store'
import { body } from '../validate'

const Request = z.strictObject({
  CodeSha256: z.optional(z.string()),
  Description: z.optional(z.string()),
  RevisionId: z.optional(z.string()),
})

export const publishVersion: Operation<Deps> = {
  method: 'POST',
  path: '/2015-03-31/functions/{FunctionName}/versions',
  run({ context, store }, request, { FunctionName = '' }) {
    const { CodeSha256, Description, RevisionId } = body(request, Request)
    const fn = store.get(parseFunctionRef(FunctionName).name)
    checkRevision(RevisionId, fn.latest.revisionId)
    if (CodeSha256 !== undefined && CodeSha256 !== '' && CodeSha256 !== fn.latest.code.sha256) {
      throw invalid(
        `CodeSHA256 (${CodeSha256}) is different from current CodeSHA256 in $LATEST (${fn.latest.code.sha256}). Please try again with the CodeSHA256 in $LATEST.`,
      )
    }
    const version = publish(fn, context.clock.now(), Description)
    store.save()
    return json(201, describe(store.region, fn, version, true))
  },
}
