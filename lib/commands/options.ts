/**
 * The options of each command, as the framework wants them described (osls takes only `string`, `boolean` and
 * `multiple`) and as the bin reads them. Nothing is loaded from here: the plugin registers them at every `sls` call.
 */

export type Option = { usage: string; type: 'string' | 'boolean'; shortcut?: string }
export type OptionSpecs = Record<string, Option>

const task = { usage: 'Name of the task', type: 'string', shortcut: 'f' } as const
const run = { usage: 'Run: its key, "last" or "last-failed"', type: 'string' } as const
const json = { usage: 'Print JSON', type: 'boolean' } as const
const local = { usage: 'Ask the local engine that runs in this folder, not AWS', type: 'boolean' } as const
const everywhere = { json, local } as const

const waiting = {
  wait: { usage: 'Follow the log, and exit with the outcome', type: 'boolean' },
  'wait-timeout': { usage: 'Wait at most this long, as in 20m; then exit with 124', type: 'string' },
} as const

export const OPTIONS = {
  list: {
    status: { usage: 'Only these, separated by commas, as in FAILED,MISSED', type: 'string' },
    tag: { usage: 'Only tasks with this tag', type: 'string' },
    paused: { usage: 'Only tasks that are paused', type: 'boolean' },
    ...everywhere,
  },
  show: { task, ...everywhere },
  runs: {
    task: { ...task, usage: 'Name of the task (default all)' },
    status: { usage: 'Only these, separated by commas, as in FAILED,TIMED_OUT', type: 'string' },
    trigger: { usage: 'Only these: schedule, manual, backfill or rerun', type: 'string' },
    since: { usage: 'Only runs since then: 24h, or a time', type: 'string' },
    limit: { usage: 'How many (default 20)', type: 'string' },
    ...everywhere,
  },
  run: {
    task,
    data: { usage: "Payload as JSON, in place of the task's", type: 'string' },
    path: { usage: 'File that holds the payload', type: 'string' },
    tick: { usage: 'scheduledAt that the function is told (default now)', type: 'string' },
    ...waiting,
    ...everywhere,
  },
  logs: {
    task,
    run: { ...run, usage: 'Run: its key, "last" (the default) or "last-failed"' },
    attempt: { usage: 'Attempt (default the last)', type: 'string' },
    failed: { usage: 'Begin at the first failing line', type: 'boolean' },
    level: { usage: 'Only lines of this level or above, as in warn', type: 'string' },
    filter: { usage: 'Only lines that contain this text, in any case', type: 'string' },
    since: { usage: 'Only lines since then: 10m, or a time', type: 'string' },
    follow: {
      usage: 'Follow until the run ends, and exit with the outcome',
      type: 'boolean',
      shortcut: 't',
    },
    ...everywhere,
  },
  cancel: { task, run, ...everywhere },
  rerun: { task, run, ...waiting, ...everywhere },
  backfill: {
    task,
    from: { usage: 'First day, or a time: 2027-01-31, monday, 1w (ago)', type: 'string' },
    to: { usage: 'Last day, all of it, or a time: yesterday', type: 'string' },
    rerun: { usage: 'Also ticks that already have a run', type: 'boolean' },
    'dry-run': { usage: 'Say which ticks, and do nothing', type: 'boolean' },
    yes: { usage: 'Do not ask', type: 'boolean', shortcut: 'y' },
    ...everywhere,
  },
  pause: {
    task,
    tag: { usage: 'All tasks with this tag', type: 'string' },
    all: { usage: 'All tasks', type: 'boolean' },
    reason: { usage: 'Why, for everybody who looks', type: 'string' },
    until: { usage: 'When it ends by itself: 2h, monday, or a time', type: 'string' },
    ...everywhere,
  },
  resume: {
    task,
    tag: { usage: 'All tasks with this tag', type: 'string' },
    all: { usage: 'All tasks', type: 'boolean' },
    ...everywhere,
  },
  next: {
    task: { ...task, usage: 'Name of the task (default all)' },
    count: { usage: 'How many ticks of each (default 10, of all tasks 3)', type: 'string' },
    ...everywhere,
  },
  open: {
    task: { ...task, usage: 'Open at this task' },
    run: { ...run, usage: 'Open at this run of it: its key, "last" or "last-failed"' },
    port: { usage: 'Port on 127.0.0.1 (default any that is free)', type: 'string' },
    local,
  },
  check: {
    repair: { usage: 'Put back what a lost queue took with it', type: 'boolean' },
    live: { usage: 'Try what AWS does, in a stack that is removed at the end', type: 'boolean' },
    yes: { usage: 'Do not ask', type: 'boolean', shortcut: 'y' },
    ...everywhere,
  },
} as const satisfies Record<string, OptionSpecs>

export type CommandName = keyof typeof OPTIONS

/** What was given on the command line for one command. */
export type Options<Name extends CommandName> = {
  [Key in keyof (typeof OPTIONS)[Name]]?: (typeof OPTIONS)[Name][Key] extends { type: 'boolean' }
    ? boolean | undefined
    : string | undefined
}
