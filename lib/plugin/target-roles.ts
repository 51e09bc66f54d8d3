import type { ServiceConfig, Task } from './config/resolve'
import type { AwsProvider, Service } from './serverless'
import type { Statement } from './template/roles'
import { targetStatements } from './template/target-statements'

/** Statements that are missing in a role which is not the plugin's to change, and the functions that have it. */
export type Missing = { role: string; functions: string[]; statements: Statement[] }

/**
 * Gives the framework's role what the targets need for their streams and for Lambda's report, and answers what roles of
 * the user's own must be given by him.
 */
export function grantTargets(
  config: ServiceConfig,
  service: Service,
  provider: AwsProvider,
  checkerName: string,
): Missing[] {
  const byRole = new Map<string, Task[]>()
  for (const task of config.tasks) {
    if (!task.target.own) continue
    const { config: fn, key } = task.target.own
    const role = fn.iamRoleStatements ? `${PER_FUNCTION}${key}` : nameOf(provider.getCustomExecutionRole(fn))
    byRole.set(role, [...(byRole.get(role) ?? []), task])
  }
  return [...byRole].flatMap(([role, tasks]) => {
    const statements = targetStatements(tasks, checkerName)
    const [fn] = tasks.map(({ target }) => target.own?.config)
    if (role === FRAMEWORK) {
      grantFrameworkRole(service, provider, statements)
      return []
    }
    if (fn && role.startsWith(PER_FUNCTION)) {
      fn.iamRoleStatements = [...(fn.iamRoleStatements ?? []), ...statements]
      return []
    }
    const functions = [...new Set(tasks.map(({ target }) => target.own?.key ?? ''))]
    return { role, functions, statements }
  })
}

const FRAMEWORK = ''
/** A role that `serverless-iam-roles-per-function` is going to make, from the function's own statements. */
const PER_FUNCTION = 'functions.'

const nameOf = (role: unknown) =>
  role === undefined ? FRAMEWORK : typeof role === 'string' ? role : JSON.stringify(role)

function grantFrameworkRole(service: Service, provider: AwsProvider, statements: Statement[]): void {
  const role = service.provider.compiledCloudFormationTemplate.Resources[provider.naming.getRoleLogicalId()]
  const policies = role?.Properties['Policies'] as
    | { PolicyDocument: { Statement: Statement[] } }[]
    | undefined
  policies?.[0]?.PolicyDocument.Statement.push(...statements)
}

/** What the user reads, ready to be pasted into a template. */
export function describeMissing({ role, functions, statements }: Missing): string {
  return [
    `Slipstream cannot add to the role ${role} of ${functions.join(', ')}. Unless it allows this already, runs end`,
    'FAILED no-log; add these statements to its policy:',
    JSON.stringify(statements, undefined, 2),
  ].join('\n')
}
