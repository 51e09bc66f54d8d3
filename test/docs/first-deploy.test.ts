import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROBES } from '../../lib/commands/check/live/probes'
import { probeTemplate } from '../../lib/commands/check/live/template'
import { PACKAGE_ROOT } from '../../lib/paths'
import { packaged } from '../plugin/support/package-fixture'
import { ACTIONS, BY_HAND, FRAMEWORK } from './support/deploy-actions'
import { readPage, snippetsOf } from './support/snippets'
import { rows, section } from './support/tables'

type Statement = {
  Sid: string
  Action: string[]
  Resource: string[]
  Condition?: { ArnLike: { 'lambda:FunctionArn': string[] } }
}

const page = readPage('docs/first-deploy.md')
const [{ text = '{}' } = {}] = snippetsOf('docs/first-deploy.md').filter(({ label }) => label === 'policy')
const { Statement } = JSON.parse(text) as { Statement: Statement[] }
const allowed = new Set(Statement.flatMap(({ Action }) => Action))

/** As IAM names what the SDK's clients are called. */
const SERVICES: Record<string, string> = { 'cloudwatch-logs': 'logs' }
/** Operations that IAM knows by another name (Service Authorization Reference). */
const RENAMED: Record<string, string> = {
  'lambda:Invoke': 'lambda:InvokeFunction',
  'dynamodb:BatchGet': 'dynamodb:BatchGetItem',
  'sqs:DeleteMessageBatch': 'sqs:DeleteMessage',
  'sqs:SendMessageBatch': 'sqs:SendMessage',
}

/** What only our handlers call, with roles of their own. */
const HANDLERS_OWN = ['eventbridge', 'sns', 'cloudwatch']

/** What the TypeScript files of a folder say. */
const filesIn = (folder: string) =>
  readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(PACKAGE_ROOT, folder, name), 'utf8'))

/** Operations of the SDK that the source in a folder sends. */
function operationsIn(folder: string): string[] {
  return filesIn(folder).flatMap((source) => {
    const imports = source.matchAll(
      /import (?:type )?\{([^}]*)\} from '@aws-sdk\/(client-[a-z-]+|lib-dynamodb)'/g,
    )
    return [...imports].flatMap(([, names = '', client = '']) => {
      const service = client === 'lib-dynamodb' ? 'dynamodb' : client.replace('client-', '')
      if (HANDLERS_OWN.includes(service)) return []
      return names.split(',').flatMap((one) => {
        const [, operation, paginated] = /^\s*(?:([A-Z]\w+)Command|paginate([A-Z]\w+))\s*$/.exec(one) ?? []
        const called = operation ?? paginated
        return called === undefined ? [] : [`${SERVICES[service] ?? service}:${called}`]
      })
    })
  })
}

/** lib-dynamodb calls GetItem `Get`, and so on. */
function actionOf(operation: string): string {
  const renamed = RENAMED[operation]
  if (renamed) return renamed
  return operation.replace(/^dynamodb:(Get|Put|Update|Delete)$/, 'dynamodb:$1Item')
}

describe('the policy of the deploying role', () => {
  const alerts = '\nslipstream:\n  alerts:\n    events: true\n'
  const services = [packaged('commonjs', { append: alerts }), packaged('mixed'), packaged('typescript')].map(
    ({ service }) => service,
  )

  /** Of a template, and those that the plugin makes only in some: for many functions, say. */
  const kinds = () =>
    new Set([
      ...filesIn('lib/plugin').flatMap((source) =>
        [...source.matchAll(/\bType: '(AWS::\w+::\w+)'/g)].map(([, kind = '']) => kind),
      ),
      ...services.flatMap((service) => Object.values(service.resources()).map(({ Type }) => Type)),
      ...Object.values(probeTemplate('slipstream-probe-x').Resources).map(({ Type }) => Type),
    ])
  const commands = () =>
    [...operationsIn('lib/commands'), ...operationsIn('lib/aws'), ...operationsIn('lib/page')].map(actionOf)
  const needed = () =>
    new Set([
      ...[...kinds()].flatMap((kind) => {
        const actions = ACTIONS[kind]
        if (!actions)
          throw new Error(`${kind} is new in the template: what does its making need? deploy-actions.ts`)
        return actions
      }),
      ...FRAMEWORK,
      ...commands(),
      ...BY_HAND,
    ])

  it('has every action that the template, the framework and our commands need', () => {
    expect(commands().length).toBeGreaterThan(20)
    expect([...needed()].filter((action) => !allowed.has(action))).toEqual([])
  })

  it('has no other', () => {
    expect([...allowed].filter((action) => !needed().has(action))).toEqual([])
  })

  it('names its resources, but for what has none', () => {
    // By its own resource, or by the function that it is for.
    for (const { Sid, Resource, Condition } of Statement) {
      const own = [...Resource, ...(Condition?.ArnLike['lambda:FunctionArn'] ?? [])].filter(
        (one) => one !== '*',
      )
      if (own.length === 0) expect(Sid).toBe('NoResourceToName')
      for (const one of own) expect(one).toMatch(/shop-dev|slipstream-probe-/)
    }
  })

  it('fits into a managed policy', () => {
    expect(JSON.stringify(JSON.parse(text)).length).toBeLessThan(6144)
  })
})

test('docs/first-deploy.md says what each probe sees', () => {
  const told = rows(section(page, '4. Ask AWS')).map(([name = '', what]) => [name.replaceAll('`', ''), what])
  expect(told).toEqual(PROBES.map(({ name, expects }) => [name, expects]))
})
