import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import { CodeSource } from '../code'
import { newConfig, settings } from '../config'
import type { Deps } from '../deps'
import { describe } from '../describe'
import { conflict, invalid } from '../errors'
import { parseFunctionRef } from '../function-ref'
import { json, type Operation } from '../router'
import { type FunctionRecord, publish } from '../store'
import { body } from '../validate'

const Request = z.strictObject({
  ...settings,
  FunctionName: z.string(),
  Role: z.string().check(z.regex(/^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/)),
  Code: CodeSource,
  Publish: z.optional(z.boolean()),
  PackageType: z.optional(z.enum(['Zip'], 'the local engine runs zip packages only')),
  Architectures: z.optional(z.array(z.enum(['x86_64', 'arm64']))),
  Tags: z.optional(z.record(z.string(), z.string())),
})

export const createFunction: Operation<Deps> = {
  method: 'POST',
  path: '/2015-03-31/functions',
  async run({ context, store, code }, request) {
    const input = body(request, Request)
    const { name, qualifier } = parseFunctionRef(input.FunctionName)
    if (qualifier !== undefined)
      throw invalid(`FunctionName: a new function has no qualifier (${input.FunctionName})`)
    const exists = () => conflict(`Function already exist: ${name}`)
    if (store.find(name)) throw exists()
    const config = newConfig(input)
    const added = await code.add(input.Code)
    if (store.find(name)) throw exists()
    const now = context.clock.now()
    const architecture = input.Architectures?.[0]
    const fn: FunctionRecord = {
      name,
      latest: {
        version: '$LATEST',
        config: architecture === undefined ? config : { ...config, Architecture: architecture },
        code: added,
        revisionId: randomUUID(),
        lastModified: now,
      },
      versions: {},
      lastVersion: 0,
      aliases: {},
      eventInvoke: {},
      policies: {},
      recursiveLoop: 'Terminate',
      tags: input.Tags ?? {},
    }
    const version = input.Publish ? publish(fn, now) : fn.latest
    store.add(fn)
    return json(201, describe(store.region, fn, version, input.Publish === true))
  },
}
