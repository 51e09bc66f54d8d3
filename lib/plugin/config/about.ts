import type { ServiceSettings, Task } from './schema'

/** What a key is and what holds where it is absent: for docs/tasks.md and for editors. */
type About = { value: string; default: string }

export const ABOUT_TASK = {
  function: {
    value: 'a function of this service, or the name or ARN of one deployed elsewhere',
    default: 'required',
  },
  qualifier: { value: '`$LATEST`, an alias or a version', default: '`$LATEST`' },
  schedule: {
    value: '`every N seconds` (minutes, hours, days), `rate(…)`, `cron(…)` or `at(…)`, see below',
    default: 'required',
  },
  timezone: { value: 'an IANA name; for `cron` and `at`', default: '`UTC`' },
  enabled: { value: '`false`: no ticks', default: '`true`' },
  payload: { value: 'a map that the function gets as its event', default: 'none' },
  concurrency: { value: 'bodies at once, 1 to 100', default: '1' },
  overlap: { value: 'what becomes of a tick that finds the task busy, see below', default: '`latest`' },
  startWithin: {
    value: 'a tick older than that when its turn comes is SKIPPED `too-late`; `none`: any age',
    default: 'one interval for `queue`, else `none`',
  },
  timeout: {
    value: "limit of one attempt, at most the function's own",
    default: "the function's own",
  },
  target: {
    value: '`wrapped`, `operator` or `plain`, see below',
    default: "`wrapped` for this service's Node.js functions",
  },
  retry: {
    value: '`attempts` (all tries, the first included), `delay`, `backoff`, `maxDelay`',
    default: '1 attempt; 30 s, doubled, at most 1 h',
  },
  failOn: { value: 'what in a log line fails a run, one or a list', default: '`ERROR`' },
  except: { value: 'lines that contain this do not count, one or a list', default: 'none' },
  logGroup: { value: "a log group of the task's own that exists", default: "the service's" },
  retention: { value: 'days a run record is kept after its end, at least 15', default: '30' },
  alerts: {
    value:
      'who is told of failed, late, missed and stuck runs: over `slipstream.alerts` key by key; `false`: nobody. See [alerts.md](alerts.md)',
    default: '`slipstream.alerts`',
  },
  description: { value: 'for people', default: 'none' },
  tags: { value: 'for people, a list', default: 'none' },
  owner: { value: 'for people', default: 'none' },
} satisfies Record<keyof Task, About>

export const ABOUT_SERVICE = {
  defaults: { value: 'defaults for every task', default: 'none' },
  alerts: {
    value: 'who is told of failed, late, missed and stuck runs of every task, see [alerts.md](alerts.md)',
    default: 'none',
  },
  alarms: {
    value:
      '`false`: none; `{ actions: [ARN, …] }`: told when one fires and when it is over, as an SNS topic. See [security-checks.md](security-checks.md)',
    default: '`true`',
  },
  logLevel: {
    value:
      "of Slipstream's own functions: `DEBUG` (each message), `INFO` (each status of a run), `WARN`, `ERROR`",
    default: '`WARN`, with metrics `INFO`',
  },
  metrics: {
    value: "`true`: metrics of the service's runs; `{ byTask: true }`: of each task, see below",
    default: '`false`',
  },
  vpc: {
    value: "`{ securityGroupIds, subnetIds }` of Slipstream's own functions, see below",
    default: 'none',
  },
  retain: {
    value: '`true`: the records, the locks and the log group outlive the stack, see below',
    default: '`false`',
  },
} satisfies Record<keyof ServiceSettings | 'defaults', About>

/** The rows of a table of docs/tasks.md. */
export function tableOf(about: Record<string, About>): string[] {
  return Object.entries(about).map(
    ([key, { value, default: standard }]) => `| \`${key}\` | ${value} | ${standard} |`,
  )
}

/** The same for an editor, which shows no page. */
export function sentenceOf({ value, default: standard }: About): string {
  const plain = value
    .replace(/,? see below/, '')
    .replace(/[,.] see \[.*$/i, '')
    .replaceAll('`', '')
  return `${plain} (${standard === 'required' ? standard : `default: ${standard.replaceAll('`', '')}`})`
}
