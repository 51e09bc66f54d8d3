import type { Clock } from './clock'
import type { Inside } from './door/inside'

/** The account that the engine's ARNs name and its STS answers with. No AWS account has this number. */
export const ACCOUNT = '000000000000'

/** A call of an AWS API as it came through the door, with the body read whole. */
export type ApiRequest = {
  method: string
  /** Decoded only where a service decodes it; starts with `/`. */
  path: string
  query: URLSearchParams
  /** Lower-case names. */
  headers: Record<string, string>
  body: Buffer
  /** From the credential scope of the signature. */
  region: string
}

export type ApiResponse = { status: number; headers?: Record<string, string>; body?: string | Buffer }

/**
 * An error in AWS's own wording. The door writes it in the protocol of the service that was called.
 * `code` is the shape's name, as in `ResourceNotFoundException`.
 */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    /** Further members of the error shape. */
    readonly members: Record<string, unknown> = {},
  ) {
    super(message)
    this.name = code
  }
}

/** How a service's requests and errors are written (AWS's own names of its protocols). */
export type Protocol = 'awsJson1_0' | 'awsJson1_1' | 'restJson1' | 'awsQuery'

/** One AWS service inside the engine. */
export interface Service {
  /** The name in the credential scope: `lambda`, `logs`, `scheduler`, `cloudformation`, … */
  readonly name: string
  readonly protocol: Protocol
  handle(request: ApiRequest): Promise<ApiResponse>
  /** Ends timers and processes; resolves when nothing of the service is left running. */
  close(): Promise<void>
}

/**
 * What a service is given. Services know nothing of each other: what one asks of another goes through the engine's
 * endpoint with a stock AWS SDK client, as on AWS.
 */
export type ServiceContext = {
  clock: Clock
  /** `http://127.0.0.1:PORT`; known before any service is made. */
  endpoint: string
  /** For clients that call again and again while tasks run: the short way to the same door. */
  inside: Inside
  region: string
  /** A folder of the service's own; exists. */
  dataDir: string
  /** Something a person at the terminal should know, one line. */
  warn(message: string): void
}

/** Also for the engine's own calls of itself and for the functions it runs. */
export { DUMMY_CREDENTIALS } from '../local-engine'
