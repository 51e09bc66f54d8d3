import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A JSON file that is replaced whole, so that a kill at any moment leaves the old or the new one, never half of one. */
export class StateFile<T> {
  constructor(
    private readonly path: string,
    private readonly empty: () => T,
  ) {}

  load(): T {
    let text: string
    try {
      text = readFileSync(this.path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return this.empty()
      throw error
    }
    return JSON.parse(text) as T
  }

  save(state: T): void {
    mkdirSync(dirname(this.path), { recursive: true })
    writeFileSync(`${this.path}.new`, JSON.stringify(state))
    renameSync(`${this.path}.new`, this.path)
  }
}
