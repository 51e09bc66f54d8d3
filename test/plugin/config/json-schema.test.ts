import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv from 'ajv'
import { PACKAGE_ROOT } from '../../../lib/paths'
import { jsonSchema } from '../../../lib/plugin/config/json-schema'
import { loadYaml } from '../../docs/support/yaml'

const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(jsonSchema())
const task = { function: 'load', schedule: 'every 5 minutes' }

const variable = (of: string) => `\${${of}}`

/** Where it finds something wrong, as `/tasks/load/timeout`. */
function wrong(configuration: object): string[] {
  validate(configuration)
  return [...new Set((validate.errors ?? []).map(({ instancePath }) => instancePath))]
}

test.each([
  'serverless.yml',
  ...['commonjs', 'esm', 'mixed', 'typescript'].map((name) => `test/fixtures/${name}/serverless.yml`),
])('an editor finds nothing wrong with %s', (file) => {
  expect(wrong(loadYaml(readFileSync(join(PACKAGE_ROOT, file), 'utf8')) as object)).toEqual([])
})

test.each<[string, object]>([
  [
    'durations',
    { timeout: '10 minutes', startWithin: 'none', retry: { attempts: 3, delay: 1.5, maxDelay: '1 day' } },
  ],
  ['one or a list', { failOn: 'FATAL', except: ['ok', 'fine'] }],
  [
    'a variable in place of any value',
    {
      concurrency: variable('param:slots'),
      enabled: variable('self:custom.on'),
      payload: variable('file(p.yml)'),
    },
  ],
  ['alerts turned off', { alerts: false }],
  [
    'alerts',
    {
      alerts: {
        topic: { Ref: 'Topic' },
        webhook: 'https://example.com/hook',
        remind: 'none',
        on: ['failed'],
      },
    },
  ],
])('it lets pass %s', (_, more) => {
  expect(wrong({ tasks: { load: { ...task, ...more } } })).toEqual([])
})

test.each<[string, unknown]>([
  ['timeout', '10 parsecs'],
  ['startWithin', 'never'],
  ['concurrency', 0],
  ['overlap', 'allow'],
  ['retry', { attempts: 0 }],
  ['retention', 3],
  ['tags', 'one'],
  ['failOn', [1]],
  ['payload', 'text'],
  ['concurency', 1],
])('it marks tasks.load.%s: %j', (key, value) => {
  expect(
    wrong({ tasks: { load: { ...task, [key]: value } } }).some((path) => path.startsWith('/tasks/load')),
  ).toBe(true)
})

test('it asks for what every task needs, and for a name that a schedule may have', () => {
  expect(wrong({ tasks: { load: { function: 'load' } } })).toEqual(['/tasks/load'])
  expect(wrong({ tasks: { 'a b': task } })).toEqual(['/tasks'])
})

test('it knows what holds for the service', () => {
  const settings = {
    retain: true,
    alarms: { actions: [{ Ref: 'Topic' }] },
    metrics: { byTask: true },
    logLevel: 'DEBUG',
    vpc: { securityGroupIds: ['sg-1'], subnetIds: [{ 'Fn::ImportValue': 'subnet' }] },
    defaults: { retention: 60, retry: { attempts: 2 } },
  }
  expect(wrong({ slipstream: settings })).toEqual([])
  expect(wrong({ slipstream: { vpc: { subnetIds: [] } } })).not.toEqual([])
  expect(wrong({ slipstream: { defaults: { retention: 3 } } })).not.toEqual([])
  expect(wrong({ slipstream: { split: true } })).toEqual(['/slipstream'])
})

test('the package has it as the build wrote it', () => {
  expect(JSON.parse(readFileSync(join(PACKAGE_ROOT, 'dist', 'schema.json'), 'utf8'))).toEqual(jsonSchema())
})
