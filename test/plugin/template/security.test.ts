import type { CloudFormationResource } from '../../../lib/plugin/serverless'
import { packaged } from '../support/package-fixture'

type Statement = {
  Effect: string
  Action: string | string[]
  Resource: unknown
  Condition?: Record<string, Record<string, unknown>>
}
type Document = { Statement: Statement[] }
type Grant = { where: string; action: string; resource: string }

/** Why a `*` stands in a resource. What is not here must not be in the template. */
const WILDCARDS: { action: RegExp; resource: RegExp; reason: string }[] = [
  {
    action: /^logs:(CreateLogStream|PutLogEvents|GetLogEvents|DescribeLogStreams|DeleteLogStream)$/,
    resource: /:log-group:\/[^*]+:\*$/,
    reason: "a log group's ARN ends so for what acts on its streams (Service Authorization Reference, Logs)",
  },
  {
    action: /^logs:DescribeLogGroups$/,
    resource: /:log-group:\*$/,
    reason: 'it is judged on all groups, whatever prefix it asks for; only where a target is an operator',
  },
  {
    action: /^lambda:InvokeFunction$/,
    resource: /:function:[^*]+:\*$/,
    reason: 'the versions and aliases of one function, which are resources of their own',
  },
  {
    action: /^logs:(CreateLogStream|CreateLogGroup|TagResource|PutLogEvents)$/,
    resource: /:log-group:\/aws\/lambda\/[^*]+\*:\*(:\*)?$/,
    reason: "the framework's own role, of the service's functions",
  },
  {
    action:
      /^ec2:(Assign|Unassign)PrivateIpAddresses$|^ec2:(Create|Delete)NetworkInterface$|^ec2:Describe(NetworkInterfaces|Subnets)$/,
    resource: /^\*$/,
    reason:
      'what Lambda does for a function in a VPC; with slipstream.vpc only (AWSLambdaVPCAccessExecutionRole)',
  },
  {
    action: /^scheduler:GetSchedule$/,
    resource: /:schedule\/[^*]+\/\*$/,
    reason: "the alerter looks at the tasks' schedules, which are those of one group",
  },
  {
    action: /^xray:Put(TraceSegments|TelemetryRecords)$/,
    resource: /^\*$/,
    reason: "the framework's own role, where the service traces: X-Ray knows no resources",
  },
  {
    action: /^s3:\*$/,
    resource: /ServerlessDeploymentBucket/,
    reason: "the framework's own bucket policy, which denies what is not encrypted in transit",
  },
]

const ALERTS = `
slipstream: { alerts: { topic: { Ref: Team }, events: true } }
resources: { Resources: { Team: { Type: AWS::SNS::Topic } } }
`

const isWildcard = ({ action, resource }: Grant) => action.includes('*') || /(?<!\$\{[^}]*)\*/.test(resource)

/** Every policy that is written into a resource, under whatever property. */
function documents(value: unknown): Document[] {
  if (typeof value !== 'object' || value === null) return []
  if ('Statement' in value && Array.isArray(value.Statement)) return [value as Document]
  return Object.values(value).flatMap(documents)
}

function grants(resources: Record<string, CloudFormationResource>): Grant[] {
  return Object.entries(resources).flatMap(([where, { Properties }]) =>
    documents(Properties)
      .flatMap(({ Statement }) => Statement)
      .flatMap(({ Action, Resource }) =>
        [Action].flat().flatMap((action) =>
          (Resource === undefined ? [] : [Resource].flat()).map((resource) => ({
            where,
            action,
            resource: typeof resource === 'string' ? resource : flat(resource),
          })),
        ),
      ),
  )
}

/** What an intrinsic function puts together, as one text. */
function flat(value: unknown): string {
  if (typeof value === 'string') return value
  const { 'Fn::Sub': sub, 'Fn::Join': join } = value as {
    'Fn::Sub'?: string
    'Fn::Join'?: [string, unknown[]]
  }
  if (join) return join[1].map(flat).join(join[0])
  return sub ?? JSON.stringify(value)
}

const VPC = `
slipstream:
  vpc:
    securityGroupIds: [sg-0123456789abcdef0]
    subnetIds: [subnet-0123456789abcdef0]
`

describe.each([
  ['one task', 'commonjs', ''],
  ['targets of every kind', 'mixed', ''],
  ['handlers in a VPC', 'commonjs', VPC],
  ['alerts', 'commonjs', ALERTS],
])('the policies in the template of a service with %s', (_, fixture, append) => {
  const { service } = packaged(fixture, { append })

  test('have no wildcard without a reason', () => {
    const all = grants(service.resources())
    expect(all.length).toBeGreaterThan(20)
    const unexplained = all
      .filter(isWildcard)
      .filter(
        (grant) =>
          !WILDCARDS.some((one) => one.action.test(grant.action) && one.resource.test(grant.resource)),
      )
    expect(unexplained).toEqual([])
  })

  test('let nobody take on a role but the service that needs it, Scheduler for this group of this account alone', () => {
    const roles = Object.entries(service.resources()).filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    const trusted = roles.map(([id, { Properties }]) => {
      const { Statement } = Properties['AssumeRolePolicyDocument'] as { Statement: object[] }
      return [id, Statement]
    })
    const lambda = (service: string | string[]) => [
      expect.objectContaining({ Action: expect.anything(), Principal: { Service: service } }),
    ]
    const scheduler = [
      {
        Effect: 'Allow',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: {
            'aws:SourceAccount': { Ref: 'AWS::AccountId' },
            'aws:SourceArn': {
              'Fn::Sub': expect.stringMatching(/:scheduler:.*:schedule-group\/[a-z]+-(dev|prod)$/),
            },
          },
        },
      },
    ]
    expect(Object.fromEntries(trusted)).toEqual({
      IamRoleLambdaExecution: lambda(['lambda.amazonaws.com']),
      SlipstreamDispatcherRole: lambda('lambda.amazonaws.com'),
      SlipstreamCheckerRole: lambda('lambda.amazonaws.com'),
      SlipstreamSchedulerRole: scheduler,
      ...(append === ALERTS
        ? { SlipstreamAlerterRole: lambda('lambda.amazonaws.com'), SlipstreamWatchRole: scheduler }
        : {}),
    })
  })

  test("let no other account's logs invoke the checker", () => {
    const permissions = Object.values(service.resources()).filter(
      ({ Type }) => Type === 'AWS::Lambda::Permission',
    )
    expect(permissions.length).toBeGreaterThan(0)
    for (const { Properties } of permissions)
      expect(Properties).toMatchObject({
        Principal: 'logs.amazonaws.com',
        SourceAccount: { Ref: 'AWS::AccountId' },
        SourceArn: { 'Fn::Sub': expect.stringMatching(/:log-group:\/[^*]+:\*$/) },
      })
  })
})

describe('what holds state', () => {
  // As docs/security-checks.md shows it.
  const { service } = packaged('commonjs', {
    append: `
resources:
  extensions:
    SlipstreamRunsTable:
      Properties:
        SSESpecification: { SSEEnabled: true, SSEType: KMS }
`,
  })
  const of = (id: string) => service.resources()[id]?.Properties ?? {}

  test('is encrypted, with a key of the service where it says so, and dead letters are kept as long as SQS can', () => {
    for (const id of ['SlipstreamQueue', 'SlipstreamDeadLetterQueue'])
      expect(of(id)).toMatchObject({ SqsManagedSseEnabled: true })
    expect(of('SlipstreamRunsTable')).toMatchObject({ SSESpecification: { SSEType: 'KMS' } })
    expect(of('SlipstreamDeadLetterQueue')).toMatchObject({ MessageRetentionPeriod: 14 * 86_400 })
  })

  test('can be recovered where that lets no second body in', () => {
    expect(of('SlipstreamRunsTable')).toMatchObject({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    })
    expect(of('SlipstreamLocksTable')).not.toHaveProperty('PointInTimeRecoverySpecification')
  })

  test('is not kept for ever: the logs of our own functions', () => {
    for (const handler of ['Dispatcher', 'Checker'])
      expect(of(`Slipstream${handler}LogGroup`)).toMatchObject({ RetentionInDays: 30 })
  })
})
