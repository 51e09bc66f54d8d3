import type { ProbeWorld } from './world'

/** What is known of a behaviour without having seen it on AWS. */
export type Known = 'inferred' | 'not found' | 'seen elsewhere'

/** One behaviour of AWS that Slipstream rests on and that AWS's documentation does not settle. */
export type Probe = {
  name: string
  expects: string
  /** What is known of it, and where it was looked for. */
  known: Known
  source: string
  /** What breaks where AWS does otherwise. */
  neededFor: string
  /** @throws {NotSeen} where nothing came in time */
  run(world: ProbeWorld): Promise<Outcome>
}

/** `not-tested`: this account does not allow the test. */
export type Outcome = { result: 'as-expected' | 'different' | 'not-tested'; seen: string }

export const outcome = (asExpected: boolean, seen: string): Outcome => ({
  result: asExpected ? 'as-expected' : 'different',
  seen,
})
