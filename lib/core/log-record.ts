import * as z from 'zod/mini'
import { cut } from './text'

/**
 * What the wrapper writes into an attempt's stream beside the user's lines: one JSON object a line, that starts with
 * the same characters, so that the subscription filter can pass exactly these. A user's line that starts so is
 * written with its level before it and is never taken for one.
 */
export const RECORD_START = '{"slipstream":"'

/** The records that can change a verdict; the subscription filter passes these and not the start record. */
export const VERDICT_RECORDS = [`${RECORD_START}error"`, `${RECORD_START}end"`] as const

/** A text in a record; whoever could write to the stream may have written this one, so it is cut again. */
const shortText = z.pipe(z.string(), z.transform(cut))

export const Verdict = z.object({
  /** The term of `failOn` that matched; `throw` for the line with what the body threw, where none had matched before. */
  rule: shortText,
  /** Number of the line in the stream, from 1, our own records not counted. */
  line: z.int(),
  /** The line, cut. */
  text: shortText,
})
export type Verdict = z.infer<typeof Verdict>

/** First event of the stream, written before the body starts: whose stream it is. Times ISO 8601. */
export const StartRecord = z.object({
  slipstream: z.literal('start'),
  requestId: z.string(),
  at: z.string(),
  /** When Lambda ends the invocation, whatever becomes of it. */
  endsBy: z.optional(z.string()),
})

/** A line that counts was seen; written at most once a flush. */
const ErrorRecord = z.object({ slipstream: z.literal('error'), verdict: Verdict })

export const EndRecord = z.object({
  slipstream: z.literal('end'),
  requestId: shortText,
  at: z.string(),
  /**
   * What the body did: `crashed`, an error that nobody caught is about to end its process; `timed-out`, the wrapper is.
   * Of these two the body may live until Lambda reports that the process is gone.
   */
  outcome: z.enum(['returned', 'threw', 'crashed', 'timed-out']),
  /** How many lines counted, so that a verdict does not hang on the order in which batches arrive. */
  errors: z.int(),
  /** The first line that counted. */
  verdict: z.optional(Verdict),
  /** What the body threw: `Name: message`. */
  error: z.optional(shortText),
})

/**
 * The name of the error by which an invocation tells Lambda, and its report tells the checker, that it did not run the
 * body; another invocation of the attempt may.
 */
export const NOT_RUN = 'SlipstreamNotRun'

export const LogRecord = z.discriminatedUnion('slipstream', [StartRecord, ErrorRecord, EndRecord])
export type StartRecord = z.infer<typeof StartRecord>
export type EndRecord = z.infer<typeof EndRecord>
export type LogRecord = z.infer<typeof LogRecord>

export function formatRecord(record: LogRecord): string {
  const { slipstream, ...rest } = record
  return JSON.stringify({ slipstream, ...rest })
}

/** The record that a line is, or undefined for a user's line. */
export function parseRecord(line: string): LogRecord | undefined {
  if (!line.startsWith(RECORD_START)) return undefined
  try {
    const parsed = LogRecord.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}
