import type * as z from 'zod/mini'
import { Alerts } from './alerts-schema'
import { broken, brokenKind, didYouMean, isMap, type Problem } from './problems'
import { Defaults, Retry, ServiceSettings, Task } from './schema'

type Issue = z.core.$ZodIssue
type Shaped<T> = { value: T; problems: Problem[] }

/**
 * Checks a map key by key. The value holds only the keys that are right, so that what hangs on several keys can still
 * be checked and all mistakes are shown in one go.
 */
function shape<T>(schema: z.ZodMiniType<T>, keys: string[], path: string, raw: unknown): Shaped<Partial<T>> {
  const result = schema.safeParse(raw ?? {}, { reportInput: true })
  if (result.success) return { value: result.data as Partial<T>, problems: [] }
  const wrong = new Set(result.error.issues.flatMap(topKeys))
  const rest = isMap(raw) ? Object.fromEntries(Object.entries(raw).filter(([key]) => !wrong.has(key))) : {}
  return {
    value: schema.parse(rest) as Partial<T>,
    problems: result.error.issues.flatMap((issue) => problemsOf(issue, keys, path)),
  }
}

function topKeys(issue: Issue): string[] {
  if (issue.path[0] !== undefined) return [String(issue.path[0])]
  return issue.code === 'unrecognized_keys' ? issue.keys : []
}

function problemsOf(issue: Issue, keys: string[], path: string): Problem[] {
  const at = [path, ...issue.path.map(String)].join('.')
  if (issue.code === 'unrecognized_keys') {
    const inner = issue.path[0] === 'alerts' ? Alerts : Retry
    const known = issue.path.length === 0 ? keys : Object.keys(inner.shape)
    return issue.keys.map((key) => ({ path: `${at}.${key}`, message: unknownKey(key, known) }))
  }
  const complete = issue.code === 'custom' && issue.params?.['complete'] === true
  const key = issue.path[0]?.toString()
  // A webhook's address is a secret, also one that is written wrongly.
  const secret = key === undefined || key === 'payload' || issue.path.includes('webhook')
  const say = secret ? brokenKind : broken
  return [{ path: at, message: complete ? issue.message : say(issue.message, issue.input) }]
}

function unknownKey(key: string, known: string[]): string {
  return `is not a known key${didYouMean(key, known) || `; known are ${known.join(', ')}`}`
}

/** `silent`: `alerts: false`, whatever the service says. */
export function shapeTask(path: string, raw: unknown): Shaped<Partial<Task>> & { silent: boolean } {
  const silent = isMap(raw) && raw['alerts'] === false
  const shaped = shape(
    Task,
    Object.keys(Task.shape),
    path,
    silent ? Object.fromEntries(Object.entries(raw).filter(([key]) => key !== 'alerts')) : raw,
  )
  return { ...shaped, silent }
}

/** `slipstream:`: defaults of tasks, their alerts, and what holds for the service. */
export function shapeSettings(
  raw: unknown,
): Shaped<{ defaults: Defaults; alerts: Partial<Alerts>; service: ServiceSettings }> {
  const { defaults, alerts, ...others } = (isMap(raw) ? raw : {}) as Record<string, unknown>
  const outer = shape(
    ServiceSettings,
    Object.keys(ServiceSettings.shape),
    'slipstream',
    isMap(raw) ? others : raw,
  )
  const inner = shape(Defaults, Object.keys(Defaults.shape), 'slipstream.defaults', defaults)
  const alerting = shape(Alerts, Object.keys(Alerts.shape), 'slipstream.alerts', alerts)
  return {
    value: { defaults: inner.value, alerts: alerting.value, service: outer.value },
    problems: [...outer.problems, ...inner.problems, ...alerting.problems],
  }
}
