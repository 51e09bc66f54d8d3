import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import type { ApiRequest } from '../../api'
import type { Deps } from '../deps'
import { checkRevision, conflict, notFound } from '../errors'
import { functionArn, parseFunctionRef } from '../function-ref'
import { json, noContent, type Operation } from '../router'
import type { Policy, Resolved, Store } from '../store'
import { body } from '../validate'

const PATH = '/2015-03-31/functions/{FunctionName}/policy'

const Request = z.strictObject({
  StatementId: z.string().check(z.regex(/^[a-zA-Z0-9-_]{1,100}$/)),
  Action: z.string().check(z.regex(/^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/)),
  Principal: z.string(),
  SourceArn: z.optional(z.string()),
  SourceAccount: z.optional(z.string()),
  EventSourceToken: z.optional(z.string()),
  PrincipalOrgID: z.optional(z.string()),
  RevisionId: z.optional(z.string()),
})
type Permission = z.infer<typeof Request>

/** Policies are kept and shown; the engine does not enforce them. */
export const addPermission: Operation<Deps> = {
  method: 'POST',
  path: PATH,
  run({ store }, request, { FunctionName = '' }) {
    const input = body(request, Request)
    const { fn, qualifier } = target(store, request, FunctionName)
    const policy: Policy = fn.policies[qualifier] ?? { revisionId: randomUUID(), statements: [] }
    checkRevision(input.RevisionId, policy.revisionId)
    if (policy.statements.some(({ Sid }) => Sid === input.StatementId)) {
      throw conflict(
        `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      )
    }
    const arn = functionArn(store.region, fn.name, qualifier === '$LATEST' ? undefined : qualifier)
    const statement = statementOf(input, arn)
    fn.policies[qualifier] = { revisionId: randomUUID(), statements: [...policy.statements, statement] }
    store.save()
    return json(201, { Statement: JSON.stringify(statement) })
  },
}

export const removePermission: Operation<Deps> = {
  method: 'DELETE',
  path: `${PATH}/{StatementId}`,
  run({ store }, request, { FunctionName = '', StatementId = '' }) {
    const { fn, qualifier } = target(store, request, FunctionName)
    const policy = existing(fn.policies[qualifier])
    checkRevision(request.query.get('RevisionId') ?? undefined, policy.revisionId)
    const statements = policy.statements.filter(({ Sid }) => Sid !== StatementId)
    if (statements.length === policy.statements.length) {
      throw notFound(`Statement ${StatementId} is not found in resource policy.`)
    }
    if (statements.length === 0) delete fn.policies[qualifier]
    else fn.policies[qualifier] = { revisionId: randomUUID(), statements }
    store.save()
    return noContent
  },
}

export const getPolicy: Operation<Deps> = {
  method: 'GET',
  path: PATH,
  run({ store }, request, { FunctionName = '' }) {
    const { fn, qualifier } = target(store, request, FunctionName)
    const { revisionId, statements } = existing(fn.policies[qualifier])
    const Policy = JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements })
    return json(200, { Policy, RevisionId: revisionId })
  },
}

function target(store: Store, request: ApiRequest, name: string): Resolved {
  return store.resolve(parseFunctionRef(name, request.query.get('Qualifier')))
}

function existing(policy: Policy | undefined): Policy {
  if (!policy) throw notFound('The resource you requested does not exist.')
  return policy
}

function statementOf(input: Permission, arn: string): Record<string, unknown> {
  const { Principal } = input
  const principal = /\.amazonaws\.com(\.cn)?$/.test(Principal)
    ? { Service: Principal }
    : Principal === '*'
      ? '*'
      : { AWS: /^\d{12}$/.test(Principal) ? `arn:aws:iam::${Principal}:root` : Principal }
  const StringEquals = {
    ...(input.SourceAccount === undefined ? {} : { 'AWS:SourceAccount': input.SourceAccount }),
    ...(input.EventSourceToken === undefined ? {} : { 'lambda:EventSourceToken': input.EventSourceToken }),
    ...(input.PrincipalOrgID === undefined ? {} : { 'aws:PrincipalOrgID': input.PrincipalOrgID }),
  }
  const condition = {
    ...(Object.keys(StringEquals).length > 0 ? { StringEquals } : {}),
    ...(input.SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': input.SourceArn } }),
  }
  return {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: principal,
    Action: input.Action,
    Resource: arn,
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  }
}
