import {
  condition,
  evaluate,
  NO_VALUE,
  type Scope,
  Unresolved,
} from '../../../../lib/engine/cloudformation/template/evaluate'

const parameters: Record<string, unknown> = { Stage: 'dev', Zones: ['a', 'b'], 'AWS::Region': 'us-east-1' }
const scope: Scope = {
  mappings: { Sizes: { dev: { memory: 128, list: ['x'] } } },
  conditions: {
    Yes: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] },
    No: { 'Fn::Not': [{ Condition: 'Yes' }] },
    Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] },
    Either: { 'Fn::Or': [{ Condition: 'Yes' }, { Condition: 'No' }] },
    Round: { 'Fn::Not': [{ Condition: 'Trip' }] },
    Trip: { 'Fn::Not': [{ Condition: 'Round' }] },
    Number: { 'Fn::Equals': [1, '1'] },
  },
  parameter: (name) => parameters[name],
  ref(logicalId) {
    if (logicalId === 'Later') throw new Unresolved(logicalId)
    return `${logicalId}-id`
  },
  attribute: (logicalId, name) => `${logicalId}:${name}`,
  importValue: (name) => `imported ${name}`,
}

test.each<[string, unknown, unknown]>([
  ['plain data', { a: [1, true, null, 'x'] }, { a: [1, true, null, 'x'] }],
  ['a parameter', { Ref: 'Stage' }, 'dev'],
  ['a list parameter', { Ref: 'Zones' }, ['a', 'b']],
  ['a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
  ['a resource', { Ref: 'Queue' }, 'Queue-id'],
  ['an attribute as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue:Arn'],
  ['an attribute as text', { 'Fn::GetAtt': 'Queue.Sub.Arn' }, 'Queue:Sub.Arn'],
  ['Join of a list made by a function', { 'Fn::Join': ['-', { Ref: 'Zones' }] }, 'a-b'],
  ['Join of numbers', { 'Fn::Join': ['', ['a', 1]] }, 'a1'],
  [
    'Sub of everything',
    { 'Fn::Sub': `\${Stage} \${Queue} \${Queue.Arn} \${AWS::Region}` },
    'dev Queue-id Queue:Arn us-east-1',
  ],
  ['Sub of a literal', { 'Fn::Sub': `\${!Stage} $x \${ Stage }` }, `\${Stage} $x dev`],
  [
    'Sub with variables',
    { 'Fn::Sub': [`\${A}-\${Stage}`, { A: { Ref: 'Queue' }, Stage: 'mine' }] },
    'Queue-id-mine',
  ],
  ['Sub whose value looks like a pattern', { 'Fn::Sub': [`\${A}`, { A: '$& $1' }] }, '$& $1'],
  ['Select', { 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
  ['If', { 'Fn::If': ['Yes', 1, 2] }, 1],
  ['If otherwise', { 'Fn::If': ['No', 1, 2] }, 2],
  ['an arm that is not taken', { 'Fn::If': ['Yes', 1, { Ref: 'Later' }] }, 1],
  ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'memory'] }, 128],
  ['ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': `\${Stage}-x` } }, 'imported dev-x'],
  ['Base64', { 'Fn::Base64': 'hé' }, 'aMOp'],
  ['a property without value', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
  ['a list member without value', ['a', { 'Fn::If': ['No', 'b', { Ref: 'AWS::NoValue' }] }], ['a']],
  ['nothing', { Ref: 'AWS::NoValue' }, NO_VALUE],
])('evaluates %s', (_, value, expected) => {
  expect(evaluate(value, scope)).toEqual(expected)
})

test.each<[string, unknown, string | RegExp]>([
  [
    'an index beyond the list',
    { 'Fn::Select': [2, ['a', 'b']] },
    /Fn::Select cannot select nonexistent value/,
  ],
  [
    'a key that no map has',
    { 'Fn::FindInMap': ['Sizes', 'prod', 'memory'] },
    'Unable to get mapping for Sizes::prod::memory',
  ],
  ['a function that it does not have', { 'Fn::GetAZs': '' }, 'the local engine does not support Fn::GetAZs'],
  ['a list in a text', { 'Fn::Join': ['', [['a']]] }, 'Fn::Join needs text where it has a list'],
  ['half an attribute', { 'Fn::GetAtt': 'Queue' }, /requires two non-empty parameters/],
  ['an unknown condition', { 'Fn::If': ['Maybe', 1, 2] }, /Unresolved condition dependency Maybe/],
])('refuses %s', (_, value, message) => {
  expect(() => evaluate(value, scope)).toThrow(message)
})

it('lets through that a value hangs on a resource that is still to be made', () => {
  expect(() => evaluate({ a: [{ 'Fn::Sub': `\${Later}` }] }, scope)).toThrow(Unresolved)
})

test.each([
  ['Yes', true],
  ['No', false],
  ['Both', false],
  ['Either', true],
  ['Number', true],
])('condition %s is %s', (name, expected) => {
  expect(condition(name, scope)).toBe(expected)
})

it('refuses conditions in a circle', () => {
  expect(() => condition('Round', scope)).toThrow('Circular dependencies for condition Round')
})
