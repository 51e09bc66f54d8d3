import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Queue URLs name the endpoint, and deployed functions and stacks hold such URLs; when the engine comes back at another
 * port they must follow. `folders`: those of services whose state is JSON.
 */
export function followEndpoint(folders: string[], endpointFile: string, endpoint: string): void {
  const before = read(endpointFile)
  if (before !== undefined && before !== endpoint) {
    for (const file of folders.flatMap(jsonFiles)) {
      const text = readFileSync(file, 'utf8')
      if (text.includes(before)) writeFileSync(file, text.replaceAll(before, endpoint))
    }
  }
  writeFileSync(endpointFile, endpoint)
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function jsonFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
}
