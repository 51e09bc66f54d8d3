/** One log event of a stream. Times in epoch ms; `sequence` counts the stream's events in the order they came. */
export type LogEvent = { timestamp: number; ingestionTime: number; message: string; sequence: number }

/** Later, then later come; of different streams, by their numbers. The order of `eventId`s, without making them. */
export const compare = (a: LogEvent, b: LogEvent) => a.timestamp - b.timestamp || a.sequence - b.sequence

/**
 * 56 digits, as AWS's are: time, stream, sequence and a last 5, so that a place just before or after an event, which
 * is what a page's token names, is a number too (last digit 4 or 6). Ids compare as text.
 */
export function eventId(event: LogEvent, stream: { number: string }): string {
  return `${String(event.timestamp).padStart(16, '0')}${stream.number}${String(event.sequence).padStart(19, '0')}5`
}

/** Of an event's id, epoch ms. */
export const timestampOf = (id: string) => Number(id.slice(0, 16))

export const placeBefore = (id: string) => `${id.slice(0, -1)}4`
export const placeAfter = (id: string) => `${id.slice(0, -1)}6`
/** Before every event. */
export const START = '0'.repeat(56)

/** What an event counts for in a batch and in a page: its text in UTF-8 and 26 bytes (API reference, PutLogEvents). */
export const sizeOf = (message: string) => Buffer.byteLength(message) + 26
