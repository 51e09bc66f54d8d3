/** The promises that are watched, each by a name of its own. */
export const INVARIANTS = {
  'no-lost-tick': 'Every tick that came to the queue has a record in the end.',
  'no-lost-start': 'A run is not given up unstarted for a crash, a lost answer or a duplicate alone.',
  'no-double-run':
    'A run has one living body at most, and none after one that succeeded; a backfill runs a tick once.',
  'body-starts-once': 'The body of an attempt starts once.',
  'at-most-concurrency': 'Never more bodies live than the task allows.',
  'terminal-means-dead': 'No body of an ended run, or of an attempt that is over, lives or starts.',
  'terminal-is-terminal': 'An ended record stays as it is, but for a late ERROR after SUCCEEDED.',
  'no-stranded-run': 'At rest all runs have ended, no slot is held and nobody waits.',
  'no-idle-slot': 'Nobody waits beside a free slot.',
  'turns-are-kept': 'Nobody gets a slot before an older run that waits.',
  'pause-holds': 'Nobody gets a slot while the task is paused.',
  'verdict-is-true': 'A run ends as its body did, or says honestly that this is not known.',
  'no-lost-alert': 'The alerter hears of every run that failed.',
  'skips-are-explained': 'A skipped run says why, and that was so.',
  'start-in-time': 'No tick starts later than its task allows.',
  'retries-as-written': 'A run is tried as often, and as late, as its task says.',
  'comes-to-rest': 'Handlers do not go on sending for ever.',
  'handlers-do-not-fail': 'No handler throws but for what the world did to it.',
} as const
export type Invariant = keyof typeof INVARIANTS

export class Violation extends Error {
  override name = 'Violation'
  constructor(
    readonly invariant: Invariant,
    readonly what: string,
  ) {
    super(`${invariant}: ${what}`)
  }
}
