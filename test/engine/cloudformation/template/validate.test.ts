import { resolveParameters } from '../../../../lib/engine/cloudformation/template/parameters'
import { parseTemplate } from '../../../../lib/engine/cloudformation/template/parse'
import { dependenciesOf, validateTemplate } from '../../../../lib/engine/cloudformation/template/validate'

const queue = (properties: object = {}, more: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: properties,
  ...more,
})
const check = (template: object) => validateTemplate(parseTemplate(JSON.stringify(template)))
const resources = (Resources: object, more: object = {}) => ({ Resources, ...more })
const lambda = (properties: object) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Code: { ZipFile: 'x' }, Role: 'r', ...properties },
})

test.each<[string, object, string]>([
  ['no resources', {}, 'At least one Resources member must be defined.'],
  ['an unknown section', { Resource: {} }, 'Invalid template property or properties [Resource]'],
  ['a transform', resources({ A: queue() }, { Transform: 'x' }), 'does not support [Transform]'],
  ['a bad logical id', resources({ 'a-b': queue() }), 'Resource name a-b is non alphanumeric.'],
  ['no type', resources({ A: {} }), '[/Resources/A] Every Resources object must contain a Type member.'],
  [
    'an unknown attribute',
    resources({ A: queue({}, { Depends: 'B' }) }),
    "Invalid template resource property 'Depends'",
  ],
  [
    'an unknown policy',
    resources({ A: queue({}, { DeletionPolicy: 'Keep' }) }),
    'Unrecognized DeletionPolicy "Keep"',
  ],
  [
    'a name that is nowhere',
    resources({ A: queue({ QueueName: { Ref: 'B' } }) }),
    'Unresolved resource dependencies [B] in the Resources block',
  ],
  [
    'the same in an output',
    resources({ A: queue() }, { Outputs: { O: { Value: { Ref: 'B' } } } }),
    'Unresolved resource dependencies [B] in the Outputs block',
  ],
  [
    'the same in DependsOn',
    resources({ A: queue({}, { DependsOn: ['B'] }) }),
    'Unresolved resource dependencies [B]',
  ],
  [
    'an attribute that is not',
    resources({ A: queue(), B: queue({ QueueName: { 'Fn::GetAtt': ['A', 'Name'] } }) }),
    'resource A does not support attribute type Name in Fn::GetAtt',
  ],
  [
    'a circle',
    resources({ A: queue({ QueueName: { Ref: 'B' } }), B: queue({}, { DependsOn: 'A' }) }),
    'Circular dependency between resources: [A, B]',
  ],
  [
    'an unknown function',
    resources({ A: queue({ QueueName: { 'Fn::Cidr': [] } }) }),
    'the local engine does not support Fn::Cidr',
  ],
  [
    'an unknown condition',
    resources({ A: queue({}, { Condition: 'C' }) }),
    'Unresolved condition dependency C',
  ],
  [
    'a missing property',
    resources({ A: { Type: 'AWS::Lambda::Function' } }),
    '#: required key [Code] not found',
  ],
  [
    'a wrong nested property',
    resources({ A: lambda({ Environment: { Vars: {} } }) }),
    '#/Environment: extraneous key [Vars] is not permitted',
  ],
  [
    'a wrong type deep down',
    resources({ A: lambda({ Layers: ['a', {}] }) }),
    '#/Layers/1: expected type: String, found: JSONObject',
  ],
  [
    'a policy without action',
    resources({
      A: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { PolicyDocument: { Statement: [{ Effect: 'Allow', Resource: '*' }] } },
      },
    }),
    '#/PolicyDocument/Statement/0: MalformedPolicyDocument: Missing required field Action',
  ],
  [
    'a trust policy without principal',
    resources({
      A: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole' } },
        },
      },
    }),
    'Missing required field Principal',
  ],
])('refuses %s', (_, template, message) => {
  expect(() => check(template)).toThrow(message)
})

it('refuses what is no type of a resource, and takes one that it does not have', () => {
  expect(() => check(resources({ U: { Type: 'lambda', Properties: {} } }))).toThrow(
    'Unrecognized resource types: [lambda] (of U)',
  )
  expect(() => check(resources({ U: { Type: 'AWS::Lambda::Url', Properties: {} } }))).not.toThrow()
})

it('lets functions pass where their value is not known yet', () => {
  const value = { 'Fn::If': ['C', 1, 2] }
  const template = resources(
    { A: lambda({ Timeout: value, Environment: value, VpcConfig: { Ref: 'AWS::NoValue' } }) },
    { Conditions: { C: { 'Fn::Equals': [1, 1] } } },
  )
  expect(() => check(template)).not.toThrow()
})

it('finds dependencies in Ref, GetAtt, Sub and DependsOn, and leaves out parameters', () => {
  const template = parseTemplate(
    JSON.stringify(
      resources(
        {
          A: queue(),
          B: queue(),
          C: queue(),
          D: queue(),
          E: queue(
            {
              QueueName: { Ref: 'A' },
              KmsMasterKeyId: { 'Fn::Sub': `\${B.Arn}-\${Stage}-\${!C}-\${AWS::Region}` },
              RedrivePolicy: { x: [{ 'Fn::If': ['Q', { 'Fn::GetAtt': 'C.Arn' }, 1] }] },
            },
            { DependsOn: 'D' },
          ),
        },
        { Parameters: { Stage: { Type: 'String' } } },
      ),
    ),
  )
  expect([...(dependenciesOf(template).get('E') ?? [])].sort()).toEqual(['A', 'B', 'C', 'D'])
})

describe('parameters', () => {
  const template = parseTemplate(
    JSON.stringify(
      resources(
        { A: queue() },
        {
          Parameters: {
            Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] },
            Count: { Type: 'Number', Default: 3 },
          },
        },
      ),
    ),
  )
  const given = (ParameterKey: string, ParameterValue: string) => ({ ParameterKey, ParameterValue })

  it('are as given, else their default', () => {
    expect(resolveParameters(template, [given('Stage', 'dev')])).toEqual({ Stage: 'dev', Count: '3' })
  })

  it('are as they were when asked to', () => {
    const again = [{ ParameterKey: 'Stage', UsePreviousValue: 'true' }]
    expect(resolveParameters(template, again, { Stage: 'prod' })).toMatchObject({ Stage: 'prod' })
  })

  test.each([
    ['none where one is needed', [], 'Parameters: [Stage] must have values'],
    [
      'one the template lacks',
      [given('Stage', 'dev'), given('X', '1')],
      'Parameters: [X] do not exist in the template',
    ],
    [
      'a value that is not allowed',
      [given('Stage', 'test')],
      "Parameter 'Stage' must be one of AllowedValues",
    ],
    ['no number', [given('Stage', 'dev'), given('Count', 'many')], "Parameter 'Count' must be a number"],
  ])('refuse %s', (_, values, message) => {
    expect(() => resolveParameters(template, values)).toThrow(message)
  })
})
