import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a running engine leaves in its data folder, for the commands that look for it. */
export type EngineFile = { endpoint: string; region: string; pid: number }

/** By this header of the page at `/` an engine is known from whatever else may listen at its port now. */
export const ENGINE_HEADER = 'x-slipstream-engine'

const path = (dataDir: string) => join(dataDir, 'engine.json')

export function readEngineFile(dataDir: string): EngineFile | undefined {
  try {
    return JSON.parse(readFileSync(path(dataDir), 'utf8')) as EngineFile
  } catch {
    return undefined
  }
}

/** The engine that runs on this folder, if one does. What a killed one left behind is not taken for one. */
export async function findEngine(dataDir: string): Promise<EngineFile | undefined> {
  const file = readEngineFile(dataDir)
  if (!file) return undefined
  try {
    const response = await fetch(file.endpoint, { signal: AbortSignal.timeout(2000) })
    await response.body?.cancel()
    return response.headers.get(ENGINE_HEADER) === String(file.pid) ? file : undefined
  } catch {
    return undefined
  }
}

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
  rmSync(path(dataDir), { force: true })
  try {
    writeFileSync(path(dataDir), `${JSON.stringify(file)}\n`, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Error(`another engine is just starting on ${dataDir}`)
  }
}

export function release(dataDir: string): void {
  rmSync(path(dataDir), { force: true })
}
