/** Exit codes that scripts may depend on (docs/commands.md). */
export const EXIT = {
  ok: 0,
  /** Ours, AWS's, or a wrong use. */
  error: 1,
  /** The run ended FAILED, TIMED_OUT or CANCELLED. */
  failed: 2,
  /** The run was not started: SKIPPED, or its task is paused. */
  notStarted: 3,
  /** The wait limit passed; the run goes on. */
  waitedTooLong: 124,
  interrupted: 130,
} as const

/** A sentence for the user, and a code for scripts. */
export class CommandError extends Error {
  override name = 'CommandError'

  constructor(
    message: string,
    readonly code: string,
    readonly exitCode: number = EXIT.error,
  ) {
    super(message)
  }
}

export const usageError = (message: string) => new CommandError(message, 'USAGE')
