import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DUMMY_CREDENTIALS } from '../../lib/engine/api'

/** A folder for one test; `remove` it at the end. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'slipstream-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** What a stock SDK client needs to talk to the engine. */
export const clientConfig = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: DUMMY_CREDENTIALS,
})
