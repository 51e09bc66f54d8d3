import * as z from 'zod/mini'
import type { Deps } from '../deps'
import { parseFunctionRef } from '../function-ref'
import { json, noContent, type Operation } from '../router'
import type { Store } from '../store'
import { body } from '../validate'

const PATH = '/2017-03-31/tags/{Resource}'
const Request = z.strictObject({ Tags: z.record(z.string(), z.string()) })

export const tagResource: Operation<Deps> = {
  method: 'POST',
  path: PATH,
  run({ store }, request, { Resource = '' }) {
    Object.assign(tagged(store, Resource).tags, body(request, Request).Tags)
    store.save()
    return noContent
  },
}

export const untagResource: Operation<Deps> = {
  method: 'DELETE',
  path: PATH,
  run({ store }, request, { Resource = '' }) {
    const { tags } = tagged(store, Resource)
    for (const key of request.query.getAll('tagKeys')) delete tags[key]
    store.save()
    return noContent
  },
}

export const listTags: Operation<Deps> = {
  method: 'GET',
  path: PATH,
  run: ({ store }, _request, { Resource = '' }) => json(200, { Tags: tagged(store, Resource).tags }),
}

const MAPPING = /:event-source-mapping:(.+)$/

/** A function or an event source mapping, by ARN. */
function tagged(store: Store, arn: string): { tags: Record<string, string> } {
  const uuid = MAPPING.exec(arn)?.[1]
  return uuid === undefined ? store.get(parseFunctionRef(arn).name) : store.mapping(uuid)
}
