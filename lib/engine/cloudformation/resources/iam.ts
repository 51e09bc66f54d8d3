import { randomBytes } from 'node:crypto'
import { isObject } from '../template/model'
import { intrinsicName } from '../template/references'
import { recorded } from './recorded'
import { strings, tagList } from './shape'
import { mutable, type Properties, type ResourceType, replaces } from './type'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** AWS's unique ids of IAM things: a prefix that tells the kind, and 17 characters. */
function uniqueId(prefix: string): string {
  return prefix + [...randomBytes(17)].map((byte) => BASE32[byte % BASE32.length]).join('')
}

const role: ResourceType = recorded({
  type: 'AWS::IAM::Role',
  properties: {
    RoleName: replaces('string'),
    Path: replaces('string'),
    AssumeRolePolicyDocument: mutable('json'),
    Policies: mutable({
      list: {
        fields: { PolicyName: 'string', PolicyDocument: 'json' },
        required: ['PolicyName', 'PolicyDocument'],
      },
    }),
    ManagedPolicyArns: mutable(strings),
    Description: mutable('string'),
    MaxSessionDuration: mutable('integer'),
    PermissionsBoundary: mutable('string'),
    Tags: mutable(tagList),
  },
  required: ['AssumeRolePolicyDocument'],
  attributes: ['Arn', 'RoleId'],
  name: { property: 'RoleName', limit: 64 },
  check: (properties) => [
    ...documentProblems(properties['AssumeRolePolicyDocument'], '#/AssumeRolePolicyDocument', 'trust'),
    ...members(properties['Policies']).flatMap((policy, index) =>
      isObject(policy)
        ? documentProblems(policy['PolicyDocument'], `#/Policies/${index}/PolicyDocument`, 'identity')
        : [],
    ),
  ],
  created: (properties, { name, account }) => ({
    physicalId: name,
    attributes: {
      Arn: `arn:aws:iam::${account}:role${path(properties)}${name}`,
      RoleId: uniqueId('AROA'),
    },
  }),
})

const policy: ResourceType = recorded({
  type: 'AWS::IAM::Policy',
  properties: {
    PolicyName: mutable('string'),
    PolicyDocument: mutable('json'),
    Roles: mutable(strings),
    Users: mutable(strings),
    Groups: mutable(strings),
  },
  required: ['PolicyName', 'PolicyDocument'],
  attributes: ['Id'],
  check: (properties) => [
    ...documentProblems(properties['PolicyDocument'], '#/PolicyDocument', 'identity'),
    ...(['Roles', 'Users', 'Groups'].some((property) => properties[property] !== undefined)
      ? []
      : ['#: At least one of [Groups,Roles,Users] must be non-empty.']),
  ],
  created: (_, { name }) => ({ physicalId: name, attributes: { Id: name } }),
})

const managedPolicy: ResourceType = recorded({
  type: 'AWS::IAM::ManagedPolicy',
  properties: {
    ManagedPolicyName: replaces('string'),
    Path: replaces('string'),
    Description: replaces('string'),
    PolicyDocument: mutable('json'),
    Roles: mutable(strings),
    Users: mutable(strings),
    Groups: mutable(strings),
    Tags: mutable(tagList),
  },
  required: ['PolicyDocument'],
  attributes: ['PolicyArn', 'PolicyId'],
  name: { property: 'ManagedPolicyName', limit: 128 },
  check: (properties) => documentProblems(properties['PolicyDocument'], '#/PolicyDocument', 'identity'),
  created: (properties, { name, account }) => {
    const arn = `arn:aws:iam::${account}:policy${path(properties)}${name}`
    return { physicalId: arn, attributes: { PolicyArn: arn, PolicyId: uniqueId('ANPA') } }
  },
})

export const iamTypes = [role, policy, managedPolicy]

function path(properties: Properties): string {
  return typeof properties['Path'] === 'string' ? properties['Path'] : '/'
}

/** What IAM would refuse in the shape of a policy; who may do what is nothing the engine checks. */
function documentProblems(document: unknown, at: string, kind: 'trust' | 'identity'): string[] {
  if (intrinsicName(document) !== undefined) return []
  if (!isObject(document)) return [`${at}: expected type: JSONObject`]
  const statements = document['Statement']
  if (statements === undefined) return [`${at}: MalformedPolicyDocument: Missing required field Statement`]
  return members(statements).flatMap((statement, index) => {
    if (!isObject(statement) || intrinsicName(statement) !== undefined) return []
    const where = `${at}/Statement/${index}: MalformedPolicyDocument:`
    const has = (...names: string[]) => names.some((name) => statement[name] !== undefined)
    const problems: string[] = []
    const effect = statement['Effect']
    if (typeof effect === 'string' ? !/^(Allow|Deny)$/.test(effect) : effect === undefined) {
      problems.push(`${where} Effect must be Allow or Deny`)
    }
    if (!has('Action', 'NotAction')) problems.push(`${where} Missing required field Action`)
    if (kind === 'trust' && !has('Principal')) problems.push(`${where} Missing required field Principal`)
    if (kind === 'trust' && has('Resource')) problems.push(`${where} Has prohibited field Resource`)
    if (kind === 'identity' && has('Principal')) {
      problems.push(`${where} Policy document should not specify a principal.`)
    }
    if (kind === 'identity' && !has('Resource', 'NotResource')) {
      problems.push(`${where} Policy statement must contain resources.`)
    }
    return problems
  })
}

function members(value: unknown): unknown[] {
  if (value === undefined || intrinsicName(value) !== undefined) return []
  return [value].flat()
}
