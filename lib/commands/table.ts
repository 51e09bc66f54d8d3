import { type CommandName, OPTIONS, type OptionSpecs, type Options } from './options'
import type { Session } from './session'

export type Command = {
  usage: string
  options: OptionSpecs
  /** Loaded when it runs: the SDK is not for `sls package`. Gives the exit code. */
  run(session: Session, options: Record<string, string | boolean | undefined>): Promise<number>
}

function command<Name extends CommandName>(
  name: Name,
  usage: string,
  load: () => { run(session: Session, options: Options<Name>): Promise<number> },
): Command {
  return {
    usage,
    options: OPTIONS[name],
    run: (session, options) => load().run(session, options as Options<Name>),
  }
}

/** Every command that both `sls tasks` and the bin have. `dev` is the framework's alone: it deploys. */
export const COMMANDS: Record<CommandName, Command> = {
  list: command(
    'list',
    'All tasks: last result and next tick',
    () => require('./list') as typeof import('./list'),
  ),
  show: command(
    'show',
    'One task: what it is, who runs, what comes',
    () => require('./show') as typeof import('./show'),
  ),
  runs: command('runs', 'Runs, the newest first', () => require('./runs') as typeof import('./runs')),
  run: command('run', 'Run a task now', () => require('./run') as typeof import('./run')),
  logs: command('logs', 'The log of a run', () => require('./logs') as typeof import('./logs')),
  cancel: command('cancel', 'Cancel a run', () => require('./cancel') as typeof import('./cancel')),
  rerun: command(
    'rerun',
    'Run again what has ended, for the same tick',
    () => require('./rerun') as typeof import('./rerun'),
  ),
  backfill: command(
    'backfill',
    'Run the ticks of a date range in the past',
    () => require('./backfill') as typeof import('./backfill'),
  ),
  pause: command(
    'pause',
    'Skip the ticks of a task until it is resumed',
    () => require('./pause') as typeof import('./pause'),
  ),
  resume: command('resume', 'End a pause', () => require('./resume') as typeof import('./resume')),
  next: command('next', 'The coming ticks', () => require('./next') as typeof import('./next')),
  open: command('open', 'Serve the page on this machine', () => require('./open') as typeof import('./open')),
  check: command(
    'check',
    'Look for what is wrong, and say what to do',
    () => require('./check') as typeof import('./check'),
  ),
}
