import type { Item, Key, Table, Write, WriteResult } from '../core/protocol/effect'
import type { Store } from '../ports/ports'

/** A store that tells of every write that was done, once: a refused one changed nothing. */
export class ObservedStore implements Store {
  constructor(
    private readonly store: Store,
    private readonly done: (write: Write, item: Item) => void,
  ) {}

  read(table: Table, key: Key): Promise<Item | undefined> {
    return this.store.read(table, key)
  }

  async write(write: Write): Promise<WriteResult> {
    const result = await this.store.write(write)
    if (result.done) this.done(write, result.item)
    return result
  }
}
