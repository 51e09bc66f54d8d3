import type { CloudFormationResource } from '../../lib/plugin/serverless'
import { packaged } from '../plugin/support/package-fixture'
import { readPage } from './support/snippets'
import { rows, section } from './support/tables'

type Policy = { PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] } }

const page = readPage('docs/security.md')

const ROLES: Record<string, string> = {
  IamRoleLambdaExecution: 'functions of the service (added)',
  SlipstreamSchedulerRole: 'schedules',
  SlipstreamDispatcherRole: 'dispatcher',
  SlipstreamCheckerRole: 'checker',
  SlipstreamAlerterRole: 'alerter',
  SlipstreamWatchRole: "watcher's schedule",
}

/** How the page calls a resource. The framework's own rights, which every service gives, are left out: undefined. */
const RESOURCES: [RegExp, string | undefined][] = [
  [/"SlipstreamQueue"/, 'queue'],
  [/"SlipstreamDeadLetterQueue"/, 'dead letters'],
  [/"SlipstreamAlertsDeadLetterQueue"/, "alerts' dead letters"],
  [/"SlipstreamRunsTable"/, 'runs table'],
  [/"SlipstreamLocksTable"/, 'locks table'],
  [/log-group:\/aws\/lambda\/commonjs-dev-slipstream/, 'its own log group'],
  [/log-group:\/aws\/lambda\/commonjs-dev\*/, undefined],
  [/log-group:\/slipstream\/commonjs-dev:/, 'the tasks’ log groups'],
  [/function:commonjs-dev-load/, 'the targets of tasks'],
  [/function:commonjs-dev-slipstreamAlerter/, 'the alerter'],
  [/function:commonjs-dev-slipstreamChecker/, 'the checker'],
  [/schedule\/commonjs-dev\/\*/, 'the service’s schedules'],
  [/:sns:/, 'the topic'],
  [/event-bus\/default/, 'the default event bus'],
  [/^"\*"$/, 'anything'],
]

function wordsOf(resource: unknown): string | undefined {
  const text = JSON.stringify(resource)
  const known = RESOURCES.find(([pattern]) => pattern.test(text))
  if (!known) throw new Error(`docs/security.md has no word for ${text}`)
  return known[1]
}

/** `role: action on resource`, one a line. */
function granted(resources: Record<string, CloudFormationResource>): string[] {
  return Object.entries(resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    .flatMap(([id, { Properties }]) =>
      (Properties['Policies'] as Policy[])
        .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
        .flatMap(({ Action, Resource }) =>
          [Resource].flat().flatMap((resource) => {
            const words = wordsOf(resource)
            return words === undefined
              ? []
              : [Action].flat().map((action) => `${ROLES[id]}: ${action} on ${words}`)
          }),
        ),
    )
}

function told(): string[] {
  return rows(section(page, 'Roles')).flatMap(([role, may = '', on = '']) =>
    [...may.matchAll(/`([^`]+)`/g)].flatMap(([, action]) =>
      on.split(', ').map((words) => `${role}: ${action} on ${words}`),
    ),
  )
}

const ALERTS =
  '\nslipstream:\n  alerts:\n    events: true\n    topic: arn:aws:sns:us-east-1:123456789012:team\n'

describe('the roles of a service with alerts', () => {
  const { service } = packaged('commonjs', { append: ALERTS })
  const inVpc = packaged('commonjs', {
    append: `${ALERTS}  vpc:\n    securityGroupIds: [sg-1]\n    subnetIds: [subnet-1]\n`,
  }).service

  test('may do what docs/security.md says, and nothing else', () => {
    expect(told().sort()).toEqual([...new Set(granted(service.resources()))].sort())
  })

  test('may do in a VPC what docs/security.md says more', () => {
    const less = granted(service.resources())
    const more = new Set(granted(inVpc.resources()).filter((one) => !less.includes(one)))
    const actions = [...page.matchAll(/`(ec2:\w+)`/g)].map(([, action]) => action)
    const told = ['dispatcher', 'checker', 'alerter'].flatMap((role) =>
      actions.map((action) => `${role}: ${action} on anything`),
    )
    expect(told.sort()).toEqual([...more].sort())
  })
})
