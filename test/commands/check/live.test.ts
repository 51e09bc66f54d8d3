import { SOURCE } from '../../../lib/commands/check/live/functions'
import { PROBES } from '../../../lib/commands/check/live/probes'
import { probeTemplate } from '../../../lib/commands/check/live/template'

const NAME = 'slipstream-probe-0123abcd'
const template = probeTemplate(NAME)

/** Properties by which a resource is named, and those that are names within another resource. */
const NAMES = ['QueueName', 'FunctionName', 'LogGroupName', 'RoleName']

describe('the stack of the probes', () => {
  it('names nothing that is not its own', () => {
    const named = Object.values(template.Resources).flatMap(({ Properties }) =>
      NAMES.flatMap((property) => (typeof Properties[property] === 'string' ? [Properties[property]] : [])),
    )
    expect(named.length).toBeGreaterThan(10)
    for (const name of named) expect(name).toContain(NAME)
  })

  it('gives its roles rights on nothing else', () => {
    const statements = Object.values(template.Resources)
      .filter(({ Type }) => Type === 'AWS::IAM::Role')
      .flatMap(
        ({ Properties }) =>
          Properties['Policies'] as { PolicyDocument: { Statement: { Resource: unknown[] }[] } }[],
      )
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    for (const { Resource } of statements)
      for (const resource of Resource) {
        const text = JSON.stringify(resource)
        expect(text.includes('Fn::GetAtt') || text.includes(NAME)).toBe(true)
      }
  })

  it('fits into a request, and its functions into what every version of CloudFormation takes inline', () => {
    // CloudFormation quotas: a template body; AWS::Lambda::Function Code, ZipFile as it was before it was raised.
    expect(JSON.stringify(template).length).toBeLessThan(51_200)
    expect(SOURCE.length).toBeLessThan(4096)
  })
})

it('has no two probes of one name, and a source for each', () => {
  const names = PROBES.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const { expects, source, neededFor } of PROBES)
    for (const text of [expects, source, neededFor]) expect(text).not.toBe('')
})
