import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { resolveConfig } from '../../lib/plugin/config/resolve'
import type { CloudFormationResource } from '../../lib/plugin/serverless'
import { checkStack } from '../../lib/plugin/stack-limits'
import { invokeRights } from '../../lib/plugin/template/invoke-rights'
import { policyLength } from '../../lib/plugin/template/policy-length'
import { describeWeakTasks } from '../../lib/plugin/warnings'
import { facts, mistakes, SCHEDULE } from './support/facts'
import { FixtureService } from './support/package-fixture'

/** A service of this many tasks over three functions, packaged by the framework. */
async function withTasks(
  count: number,
): Promise<{ service: FixtureService; code: number | null; output: string }> {
  const service = new FixtureService('commonjs')
  const functions = ['a', 'b', 'c']
  const tasks = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `task-of-the-team-${index}`,
      {
        function: functions[index % functions.length],
        schedule: `cron(${index % 60} ${index % 24} * * ? *)`,
        timezone: 'Australia/Sydney',
        payload: { table: `warehouse.table_${index}`, mode: 'incremental', max_len: 6 },
        retry: { attempts: 3, delay: '1 minute' },
        owner: 'data@example.com',
        tags: ['team-a', 'nightly'],
      },
    ]),
  )
  const configuration = {
    service: 'many',
    provider: { name: 'aws', runtime: 'nodejs22.x' },
    plugins: ['serverless-slipstream'],
    functions: Object.fromEntries(functions.map((key) => [key, { handler: 'src/jobs/load.handler' }])),
    tasks,
  }
  writeFileSync(join(service.dir, 'serverless.yml'), JSON.stringify(configuration))
  return { service, ...(await service.sls('package')) }
}

describe('the size of a stack', () => {
  test('450 tasks fit into one', async () => {
    const { service, code } = await withTasks(450)
    try {
      expect(code).toBe(0)
      const resources = service.resources()
      expect(Object.keys(resources).length).toBeLessThanOrEqual(500)
      expect(JSON.stringify({ Resources: resources }).length).toBeLessThan(800_000)
    } finally {
      service.remove()
    }
  }, 60_000)

  test('more are refused before anything is deployed, with what to do', async () => {
    const { service, code, output } = await withTasks(480)
    try {
      expect(code).toBe(1)
      expect(output).toMatch(
        /The stack has 5\d\d resources, of which 480 are the schedules of tasks; CloudFormation takes 500: move some tasks, with their functions, into a service of their own/,
      )
      expect(output).not.toMatch(/^ +at /m)
    } finally {
      service.remove()
    }
  }, 60_000)

  const schedule = (length: number): CloudFormationResource => ({
    Type: 'AWS::Scheduler::Schedule',
    Properties: { Target: { Input: 'x'.repeat(length) } },
  })
  const role = (Properties: object): CloudFormationResource => ({
    Type: 'AWS::IAM::Role',
    Properties: { ...Properties },
  })

  test.each([
    [
      'a template',
      { A: schedule(600_000), B: schedule(500_000) },
      /The template has 1100\d\d\d bytes, of which 1100\d\d\d/,
    ],
    [
      'the policies of a role',
      { R: role({ Policies: [{ PolicyDocument: 'x'.repeat(10_300) }] }) },
      /about 103\d\d characters/,
    ],
    [
      'the functions',
      { R: role({ ManagedPolicyArns: Array(11).fill({ Ref: 'P' }) }) },
      /needs 11 managed policies/,
    ],
  ])('%s beyond what AWS takes', (_, Resources, message) => {
    expect(() => checkStack({ Resources }, ['R'])).toThrow(message)
  })
})

describe('the right to invoke many functions', () => {
  const named = (count: number) =>
    Array.from({ length: count }, (_, index) => `a-service-prod-function-number-${index}`)

  test('stands in the role where it fits, and else in policies within the limits of IAM', () => {
    expect(invokeRights(named(20)).managed).toEqual({})
    const { inline, managed } = invokeRights(named(300))
    expect(policyLength(inline)).toBeLessThan(6000)
    const documents = Object.values(managed).map(({ Properties }) => Properties['PolicyDocument'])
    expect(documents.length).toBeLessThanOrEqual(10)
    for (const document of documents) expect(policyLength(document)).toBeLessThanOrEqual(6144)
    const all = JSON.stringify([inline, managed])
    for (const name of named(300)) expect(all).toContain(`function:${name}"`)
  })
})

describe('told at packaging', () => {
  const task = { function: 'load', schedule: SCHEDULE }

  test('a payload that does not fit into a schedule, and what to do', () => {
    expect(mistakes(facts({ load: { ...task, payload: { text: 'x'.repeat(262_000) } } }))).toEqual([
      expect.stringMatching(/^tasks\.load\.payload: must, .* 262144 bytes, got \d+; put what is large where/),
    ])
  })

  test('more log groups than the checker can be given', () => {
    const tasks = Object.fromEntries(
      Array.from({ length: 41 }, (_, index) => [`t${index}`, { ...task, logGroup: `/team/${index}` }]),
    )
    expect(mistakes(facts(tasks))).toEqual([
      expect.stringMatching(
        /^tasks\.\*\.logGroup: must be one of at most 40 log groups .*, got 41; let tasks share/,
      ),
    ])
  })

  const weak = (more: object) => describeWeakTasks(resolveConfig(facts({ load: { ...task, ...more } })))

  test('a start window that is narrower than a minute of Scheduler', () => {
    expect(weak({ schedule: 'cron(0 3 * * ? *)', startWithin: 30 })).toEqual([
      expect.stringMatching(
        /^tasks\.load\.startWithin: .* older than 30 s is SKIPPED too-late; say 1 minute or more$/,
      ),
    ])
    expect(weak({ schedule: 'cron(0 3 * * ? *)', startWithin: 60 })).toEqual([])
    expect(weak({ schedule: 'every 45 seconds', startWithin: 30 })).toEqual([])
  })

  test('an interval that cannot be kept by a queue that forgets nothing', () => {
    const queue = { overlap: 'queue', startWithin: 'none', schedule: 'every 20 seconds' }
    expect(weak(queue)).toEqual([
      expect.stringMatching(
        /^tasks\.load: .* longer than 20 s, and they may take 60 s; raise concurrency, lower timeout, or set startWithin$/,
      ),
    ])
    expect(weak({ ...queue, concurrency: 3 })).toEqual([])
    expect(weak({ ...queue, timeout: 20 })).toEqual([])
    expect(weak({ ...queue, startWithin: 60 })).toEqual([])
    expect(weak({ ...queue, overlap: 'latest' })).toEqual([])
  })
})
