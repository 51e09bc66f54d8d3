import type { AnyHandler } from './invoke'
import { wrapHandler } from './wrap'

/**
 * Makes a Lambda handler the target of a task, for functions that are deployed by another service than the one that
 * has the task. (Functions of the same service are wrapped at packaging and need nothing.)
 *
 * ```ts
 * import { task } from 'serverless-slipstream/task'
 *
 * export const handler = task(async (event: { day: string }) => {
 *   console.log(`loading ${event.day}`)
 * })
 * ```
 *
 * Invoked by a task, the handler's output also goes to the run's own log stream, with an end record that says what
 * became of it; what it returns or throws goes to Lambda unchanged. Invoked by anything else, the handler just runs.
 * The function's role needs `logs:CreateLogStream`, `logs:PutLogEvents` and `logs:DescribeLogStreams` on the log group.
 *
 * @param handler an async handler, one that returns a value or one that calls back. One that streams its response is
 * returned as it is.
 */
export function task<H extends AnyHandler>(handler: H): H {
  return wrapHandler(handler)
}
