import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { findEngine } from '../../local-engine'

/** What the engine keeps in its folder. Anything else there is not ours to remove. */
const OWN = [
  'aws',
  'cloudformation',
  'dynamodb',
  'endpoint',
  'fauxqs',
  'lambda',
  'logs',
  's3',
  'scheduler',
  'sqs',
]

/** Forgets everything the engine knew. Throws where an engine is using it. */
export async function reset(dataDir: string): Promise<void> {
  const running = await findEngine(dataDir)
  if (running) throw new Error(`an engine is running on ${dataDir} (process ${running.pid}): stop it first`)
  for (const name of OWN) rmSync(join(dataDir, name), { recursive: true, force: true })
}
