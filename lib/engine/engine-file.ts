import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { type EngineFile, engineFilePath, findEngine } from '../local-engine'

/**
 * Takes the folder for this engine: its stores cannot be shared. The endpoint must answer already, since that is how a
 * second engine tells a running first one from one that was killed. Throws where another engine runs on the folder.
 */
export async function claim(dataDir: string, file: EngineFile): Promise<void> {
  const running = await findEngine(dataDir)
  if (running) {
    throw new Error(
      `an engine already runs on ${dataDir}: ${running.endpoint} (process ${running.pid}). ` +
        'Stop it, or give this one a folder of its own with --data.',
    )
  }
  mkdirSync(dataDir, { recursive: true })
  const path = engineFilePath(dataDir)
  rmSync(path, { force: true })
  try {
    writeFileSync(path, `${JSON.stringify(file)}\n`, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Error(`another engine is just starting on ${dataDir}`)
  }
}

export function release(dataDir: string): void {
  rmSync(engineFilePath(dataDir), { force: true })
}
