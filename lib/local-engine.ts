import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a running local engine leaves in its data folder, for whoever looks for it. */
export type EngineFile = { endpoint: string; region: string; pid: number }

/** The engine's data folder in a service's. */
export const DATA_FOLDER = '.slipstream'

/** By this header of the page at `/` an engine is known from whatever else may listen at its port now. */
export const ENGINE_HEADER = 'x-slipstream-engine'

/** What the engine takes for credentials. They open nothing anywhere else. */
export const DUMMY_CREDENTIALS = { accessKeyId: 'slipstream', secretAccessKey: 'slipstream' } as const

export const engineFilePath = (dataDir: string) => join(dataDir, 'engine.json')

export function readEngineFile(dataDir: string): EngineFile | undefined {
  try {
    return JSON.parse(readFileSync(engineFilePath(dataDir), 'utf8')) as EngineFile
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
