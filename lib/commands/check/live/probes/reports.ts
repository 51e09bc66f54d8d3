import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda'
import type { FailureReason } from '../../../../core/protocol/record'
import { failureOfReport } from '../../../../core/protocol/report'
import { type Outcome, outcome, type Probe } from '../probe'
import type { Of, ProbeWorld } from '../world'

const WITHIN = 200
/** Longer than the event age of the stack's configurations, so that whatever waits behind it is too old. */
const SLEEP = 75
const AGED_WITHIN = 240
/** A changed concurrency is not there at once. */
const SETTLED = 10

/** What our own rules make of Lambda's report. */
function judged(report: Of<'report'>['report'], reason: FailureReason): Outcome {
  const failure = failureOfReport(report)
  const { condition } = report.requestContext
  return outcome(
    failure?.reason === reason,
    `${failure?.reason ?? 'succeeded'}; ${condition}; ${JSON.stringify(report.responsePayload ?? null)}`,
  )
}

async function failing(world: ProbeWorld, fn: string, body: string, reason: FailureReason): Promise<Outcome> {
  return judged(await world.report(await world.invoke(fn, { body, seconds: SLEEP }), WITHIN), reason)
}

const RECORDED = 'recorded answers of AWS in LocalStack’s tests, 2025-11'

export const reports: Probe[] = [
  {
    name: 'report-time-out',
    expects: 'a time-out is reported as Sandbox.Timedout',
    known: 'seen elsewhere',
    source: RECORDED,
    neededFor: 'TIMED_OUT instead of FAILED',
    run: (world) => failing(world, 'slow', 'sleep', 'timed-out'),
  },
  {
    name: 'report-exit',
    expects: 'a process that ends is reported as Runtime.ExitError',
    known: 'seen elsewhere',
    source: RECORDED,
    neededFor: 'the reason exited',
    run: (world) => failing(world, 'target', 'exit', 'exited'),
  },
  {
    name: 'report-out-of-memory',
    expects: 'a full memory is reported as Runtime.OutOfMemory, or says "signal: killed"',
    known: 'seen elsewhere',
    source: 'public logs of 2026; no documentation',
    neededFor: 'the reason out-of-memory',
    run: (world) => failing(world, 'target', 'fill-memory', 'out-of-memory'),
  },
  {
    name: 'report-of-alias',
    expects:
      'an invocation of an alias follows the configuration of the alias, and its report names the alias',
    known: 'inferred',
    source: 'Lambda API reference, PutFunctionEventInvokeConfig: one configuration a qualifier',
    neededFor: 'reports and event age of tasks with a qualifier',
    async run(world) {
      const { alias } = world.names
      const { requestContext } = await world.report(
        await world.invoke('target', { body: 'throw' }, alias),
        WITHIN,
      )
      const { functionArn } = requestContext
      return outcome(functionArn.endsWith(`:${alias}`), functionArn)
    },
  },
  {
    name: 'report-no-concurrency',
    expects:
      'what was never run for want of reserved concurrency is reported at once, without a responseContext',
    known: 'seen elsewhere',
    source: RECORDED,
    neededFor: 'FAILED not-started at once instead of at the deadline',
    run: (world) => failing(world, 'never', 'throw', 'not-started'),
  },
  {
    name: 'report-aged-out',
    expects:
      'what grew too old before its first try is reported as EventAgeExceeded, without a responseContext',
    known: 'not found',
    source: 'recorded only after a first try',
    neededFor: 'FAILED not-started at once where Lambda has no capacity',
    async run(world) {
      const { lambda } = world.session.clients
      try {
        await lambda.send(
          new PutFunctionConcurrencyCommand({
            FunctionName: world.names.fn('busy'),
            ReservedConcurrentExecutions: 1,
          }),
        )
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'InvalidParameterValueException') throw error
        return { result: 'not-tested', seen: 'this account has too little concurrency to reserve any' }
      }
      await world.pass(SETTLED)
      await world.invoke('busy', { body: 'block', seconds: SLEEP })
      const { requestId } = await world.wait(
        WITHIN,
        () => world.heard('blocked')[0],
        () => 'the function did not start',
      )
      const report = await world.report(requestId, AGED_WITHIN)
      if (report.requestContext.condition === 'RetriesExhausted')
        return { result: 'not-tested', seen: 'the second invocation was run beside the first' }
      return judged(report, 'not-started')
    },
  },
]
