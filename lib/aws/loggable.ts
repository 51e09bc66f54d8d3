/**
 * What of an error may stand in our log. Not its other properties: an SDK error can carry the answer it came with, and so
 * a run's payload.
 */
export function loggable(error: unknown): { name: string; message: string; stack?: string | undefined } {
  if (!(error instanceof Error)) return { name: typeof error, message: 'thrown, and no error' }
  const { name, message, stack } = error
  return { name, message, stack }
}
