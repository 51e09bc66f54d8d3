import { resolveConfig } from '../../lib/plugin/config/resolve'
import { handlerFunction, isolateHandler } from '../../lib/plugin/handlers'
import type { CloudFormationResource, Service } from '../../lib/plugin/serverless'
import { describeVpcTargets } from '../../lib/plugin/vpc'
import { facts, fn, resolveTask, SCHEDULE } from './support/facts'

function isolated(slipstream?: object): CloudFormationResource['Properties'] {
  const tasks = { load: { function: 'load', schedule: SCHEDULE } }
  const resource: CloudFormationResource = {
    Type: 'AWS::Lambda::Function',
    Properties: { FunctionName: 'f', VpcConfig: { SubnetIds: ['of the service'] } },
  }
  isolateHandler('checker', resolveConfig(facts(tasks, { slipstream })), resource)
  return resource.Properties
}

const variables = (slipstream?: object) => isolated(slipstream)['Environment']

test('our own functions are in no network, or in the one that is theirs', () => {
  expect(isolated()).not.toHaveProperty('VpcConfig')
  const vpc = { securityGroupIds: ['sg-1'], subnetIds: [{ Ref: 'Subnet' }] }
  expect(isolated({ vpc })['VpcConfig']).toEqual({
    SecurityGroupIds: ['sg-1'],
    SubnetIds: [{ Ref: 'Subnet' }],
  })
})

test('our own functions have the runtime that they are built for, whatever the framework was told', () => {
  expect(isolated()['Runtime']).toBe('nodejs22.x')
})

// `npm run bench -- --only memorySizes` says which.
test.each(['dispatcher', 'checker', 'alerter'] as const)(
  'the %s has the memory that is measured to be right',
  (handler) => {
    const given = facts({ load: { function: 'load', schedule: SCHEDULE } }, {})
    const about = handlerFunction(handler, resolveConfig(given), 'x.zip', { provider: {} } as Service)
    expect(about.memorySize).toBe(256)
  },
)

test.each([
  [undefined, 'WARN', undefined],
  [{ logLevel: 'DEBUG' }, 'DEBUG', undefined],
  [{ metrics: true }, 'INFO', 'service'],
  [{ metrics: { byTask: false } }, 'INFO', 'service'],
  [{ metrics: { byTask: true }, logLevel: 'DEBUG' }, 'DEBUG', 'task'],
])('with slipstream %j they log from %s on, with metrics by %s', (slipstream, level, metrics) => {
  expect(isolated(slipstream)['LoggingConfig']).toMatchObject({ ApplicationLogLevel: level })
  expect(variables(slipstream)).toEqual({
    Variables: expect.not.objectContaining(
      metrics ? { none: true } : { SLIPSTREAM_METRICS: expect.anything() },
    ),
  })
  if (metrics) expect(variables(slipstream)).toMatchObject({ Variables: { SLIPSTREAM_METRICS: metrics } })
})

describe('a target in a VPC', () => {
  const inside = (more: object) =>
    resolveConfig(
      facts(
        {
          load: { function: 'load', schedule: SCHEDULE, ...more },
          other: { function: 'out', schedule: SCHEDULE },
        },
        { functions: [fn('load', { vpc: { subnetIds: ['subnet-1'] } }), fn('out')] },
      ),
    )

  test('is warned of, with the way that it needs', () => {
    const warning = describeVpcTargets(inside({}), 'eu-west-1')
    expect(warning).toMatch(/^load is in a VPC\. .*\n.*com\.amazonaws\.eu-west-1\.logs/)
    expect(describeVpcTargets(inside({ target: 'plain' }), 'eu-west-1')).toBeUndefined()
  })

  test('is known by its runs, which say so when they leave no log', () => {
    expect(inside({}).tasks.map(({ definition }) => definition.vpc)).toEqual([true, undefined])
    expect(resolveTask({}).definition).not.toHaveProperty('vpc')
  })
})
