import { isInDoubt, isNamed, isThrottled, type LogsPort, type StreamAt } from './logs'
import { retrying } from './retry'

/** What the clocks of CloudWatch Logs and of this host may differ by (docs/protocol.md, holes). Milliseconds. */
const SKEW = 2000

/**
 * Creates the attempt's stream. That fails where the stream exists, so of all invocations of an attempt (Lambda's
 * duplicates included) one gets true. Tried again until `until` (epoch ms): an account may create only 50 streams a
 * second (CloudWatch Logs quotas). Throws when it cannot be told, or the log group does not exist: then nothing runs.
 *
 * An answer that was lost on the way must not make the owner step aside: where an earlier try of ours may have been
 * carried out, a stream that is not older than that try is ours.
 */
export async function takeStream(logs: LogsPort, at: StreamAt, until: number): Promise<boolean> {
  const firstTry = Date.now()
  let inDoubt = false
  try {
    await retrying(
      () => logs.createStream(at),
      until,
      (error) => {
        if (!isThrottled(error) && isInDoubt(error)) inDoubt = true
      },
    )
    return true
  } catch (error) {
    if (!isNamed(error, 'ResourceAlreadyExistsException')) throw error
    if (!inDoubt) return false
    const createdAt = await retrying(() => logs.createdAt(at), until)
    return createdAt !== undefined && createdAt >= firstTry - SKEW
  }
}
