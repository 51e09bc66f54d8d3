import { type Definition, MAX_TIMEOUT } from '../../core/definition'
import type { FunctionConfig } from '../serverless'
import type { HandlerSource } from '../wrap/source'
import { broken, didYouMean } from './problems'
import type { Task } from './schema'

/** A function of the service as the plugin needs to know it. `runtime` is undefined for a container image. */
export type OwnFunction = {
  key: string
  config: FunctionConfig
  runtime: string | undefined
  /** Whether its subnets are the service's own. */
  vpc: boolean
  /** Seconds. */
  timeout: number
  /** Whether the framework puts its code together; not so for a container image or an artifact that is given. */
  packaged: boolean
  /** Where its handler is; undefined where there is no such file. */
  source: HandlerSource | undefined
}

/** What a task invokes. */
export type Target = Pick<Definition, 'function' | 'qualifier' | 'target' | 'functionTimeout'> & {
  /** Undefined for a function that is deployed elsewhere. */
  own: OwnFunction | undefined
}

type Report = (key: keyof Task, message: string) => void
type Surroundings = { functions: OwnFunction[]; region: string }

const NAME = /^[0-9A-Za-z\-_]{1,64}$/
const ARN =
  /^(arn:aws[a-z-]*:lambda:([a-z0-9-]+):\d{12}:function:[0-9A-Za-z\-_]{1,64})(?::(\$LATEST|[0-9A-Za-z\-_]+))?$/

/** Finds what `function:` names, or reports why there is nothing to invoke. */
export function resolveTarget(task: Partial<Task>, around: Surroundings, report: Report): Target | undefined {
  const name = task.function
  if (name === undefined) return undefined
  const own = around.functions.find(({ key, config }) => key === name || config.name === name)
  return own ? ownTarget(task, own, report) : foreignTarget(task, name, around, report)
}

function ownTarget(task: Partial<Task>, own: OwnFunction, report: Report): Target | undefined {
  const node = own.runtime?.startsWith('nodejs') ?? false
  const wrappable = node && own.packaged
  const target = task.target ?? (wrappable ? 'wrapped' : undefined)
  if (own.config.durableConfig !== undefined) {
    report(
      'function',
      `must not be a durable function (functions.${own.key}.durableConfig), got "${own.key}"`,
    )
  }
  if (typeof own.config.name !== 'string' || !NAME.test(own.config.name)) {
    const rule = `must have a name of 1 to 64 letters, digits, - and _ (functions.${own.key}.name)`
    report('function', broken(rule, own.config.name))
    return undefined
  }
  if (!(Number.isInteger(own.timeout) && own.timeout >= 1 && own.timeout <= MAX_TIMEOUT)) {
    const rule = `must have a time-out of whole seconds from 1 to ${MAX_TIMEOUT} (functions.${own.key}.timeout)`
    report('function', broken(rule, own.timeout))
    return undefined
  }
  if (target === undefined) {
    report(
      'target',
      `is missing: ${codeOf(own)} cannot be wrapped; ${choice(node || own.runtime === undefined)}`,
    )
    return undefined
  }
  if (target === 'wrapped' && own.runtime !== undefined && !node) {
    report('target', broken(`must be operator or plain for a function in ${own.runtime}`, target))
  }
  if (target === 'wrapped' && wrappable) {
    const handler = `functions.${own.key}.handler`
    if (own.source === undefined) {
      report('function', broken(`must have a handler whose file exists (${handler})`, own.config.handler))
    }
    if (own.config.esbuildEntrypoint !== undefined) {
      const rule = `must have its file in ${handler}, not in esbuildEntrypoint, to be wrapped`
      report('function', broken(rule, own.config.esbuildEntrypoint))
    }
  }
  return {
    own,
    function: own.config.name,
    qualifier: task.qualifier ?? '$LATEST',
    target,
    functionTimeout: own.timeout,
  }
}

/** What to say in `target:`; only Node.js has task(). */
function choice(node: boolean): string {
  const wrapped = node ? '"wrapped" where it uses task() of serverless-slipstream/task, ' : ''
  return `set target: to ${wrapped}"operator" where it was written for the old operator, else "plain"`
}

function codeOf({ config, runtime, packaged }: OwnFunction): string {
  if (config.image !== undefined) return 'a container image'
  return packaged ? (runtime ?? '') : 'an artifact that is already built'
}

function foreignTarget(
  task: Partial<Task>,
  name: string,
  { functions, region }: Surroundings,
  report: Report,
): Target | undefined {
  const hint = didYouMean(
    name,
    functions.map(({ key }) => key),
  )
  const [, arn, arnRegion, arnQualifier] = ARN.exec(name) ?? []
  if (arn === undefined && !NAME.test(name)) {
    report('function', broken(`must be a function of this service${hint}, or the name or ARN of one`, name))
    return undefined
  }
  if (arnRegion !== undefined && arnRegion !== region) {
    report('function', broken(`must be in the service's region, ${region}`, name))
  }
  if (arnQualifier !== undefined && task.qualifier !== undefined && arnQualifier !== task.qualifier) {
    report('qualifier', broken(`must be the qualifier that the ARN has, ${arnQualifier}`, task.qualifier))
  }
  if (task.target === undefined) {
    report(
      'function',
      `"${name}" is not a function of this service${hint}; for one that is deployed elsewhere ${choice(true)}`,
    )
    return undefined
  }
  return {
    own: undefined,
    function: arn ?? name,
    qualifier: task.qualifier ?? arnQualifier ?? '$LATEST',
    target: task.target,
    // The function's own is not known.
    functionTimeout: MAX_TIMEOUT,
  }
}
