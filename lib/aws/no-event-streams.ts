/**
 * Takes the place of the SDK's codec for streams of events in all that runs inside Lambda (`scripts/lean-sdk.mjs`). The
 * clients of Lambda and CloudWatch Logs bring it for operations that we do not call (InvokeWithResponseStream,
 * StartLiveTail and the like), and it is a tenth of what they take to load at each cold start.
 */
export const resolveEventStreamSerdeConfig = <T>(config: T): T => config

export function eventStreamSerdeProvider(): never {
  throw new Error('The codec for streams of events is left out of this bundle: see scripts/lean-sdk.mjs.')
}

export class EventStreamSerde {
  constructor() {
    eventStreamSerdeProvider()
  }
}
