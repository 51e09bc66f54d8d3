/** The stream as a fence: whoever creates it owns the attempt, and a wrapped body starts for nobody else. */
import { createStream, putLine, readStream, type Step, type Stream } from './effect'

/** First line of a stream that was taken so that nobody can start. */
const NEVER_STARTED = 'WARN\tNever started: '

/**
 * Sees to it that the body of a wrapped attempt cannot start any more. `fenced`: it has not and it cannot, now or since an
 * earlier call that died afterwards. Else the first line of the stream, undefined where its owner has not written one
 * yet, or where the log group was deleted: a body that started before may live on.
 */
export function* fence(
  stream: Stream,
  why: string,
): Step<{ fenced: true } | { fenced: false; first: string | undefined }> {
  const taken = yield* createStream(stream)
  if (taken === 'created') {
    yield* putLine(stream, `${NEVER_STARTED}${why}`)
    return { fenced: true }
  }
  const [first] = yield* readStream(stream, 'head', 1)
  return first?.message.startsWith(NEVER_STARTED)
    ? { fenced: true }
    : { fenced: false, first: first?.message }
}
