import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Writes a generated file in one step, and only where it says something new: commands may run side by side in one
 * service, and one may be packaging what another generates.
 */
export function writeIfChanged(file: string, content: string | Uint8Array): void {
  const bytes = Buffer.from(content)
  if (existsSync(file) && readFileSync(file).equals(bytes)) return
  mkdirSync(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, bytes)
  renameSync(draft, file)
}

/** Keeps all that is generated in a service, and the state of `sls tasks dev`, out of its repository, as a user would. */
export function ignoreGenerated(serviceDir: string): void {
  writeIfChanged(join(serviceDir, '.slipstream', '.gitignore'), '*\n')
}
