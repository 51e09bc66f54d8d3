import type { DevOptions } from '../commands/dev'
import { SlipstreamError } from './errors'

/** `sls tasks dev`. Its plain errors are sentences for the user; any other is a bug and keeps its stack trace. */
export async function dev(options: DevOptions): Promise<void> {
  // Loaded here and not before, because the engine is more than everything that packaging needs.
  const { runDev } = require('../commands/dev') as typeof import('../commands/dev')
  try {
    await runDev(options)
  } catch (error) {
    if (error instanceof Error && error.constructor === Error) {
      throw new SlipstreamError(error.message, 'SLIPSTREAM_DEV')
    }
    throw error
  }
}
