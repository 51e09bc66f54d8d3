/**
 * A mistake of the user's. The framework prints errors of this name as a message with their code and no stack trace
 * (osls `tokenize-exception.js`; Serverless 3 and 4 go by the same name).
 */
export class SlipstreamError extends Error {
  override readonly name = 'ServerlessError'

  constructor(
    message: string,
    readonly code: `SLIPSTREAM_${string}`,
  ) {
    super(message)
  }
}
