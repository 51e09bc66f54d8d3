/**
 * The numbers on which "at most one body" rests (milliseconds). See docs/protocol.md.
 *
 * START_WINDOW must outlast the queue's visibility timeout, else a redelivery after a crash always comes too late to
 * invoke again. GRACE covers the clocks of dispatcher, wrapper and evictor, Lambda's shutdown (2 s at most) and the time
 * until a written end record can be read.
 */
export const SECOND = 1000
export const START_WINDOW = 120 * SECOND
export const GRACE = 60 * SECOND
export const DISPATCHER_TIMEOUT = 10 * SECOND
/** Six times the dispatcher's time-out (AWS Lambda Developer Guide, services-sqs-configure). */
export const QUEUE_VISIBILITY = 60 * SECOND
/** Event age for our own targets: an invocation that waited longer could only refuse to start. */
export const MAX_EVENT_AGE = START_WINDOW - DISPATCHER_TIMEOUT
/** The latest that a shared look comes after the last attempt that relies on it; see protocol/arm.ts. */
export const SHARED_LOOK = 900 * SECOND
/** A task whose next tick is due so soon needs no deadline of its own for each run. */
export const SOON = 60 * SECOND
/** The longest SQS lets a message wait (DelaySeconds). Longer waits are re-sent in hops. */
export const MAX_DELAY = 900 * SECOND
