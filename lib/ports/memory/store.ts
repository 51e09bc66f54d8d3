import type { Condition, Item, Key, Path, Table, Write, WriteResult } from '../../core/protocol/effect'
import type { Store } from '../ports'

/**
 * Conditional writes as DynamoDB judges them, in memory and at once. An item is never changed: a write puts a new one in
 * its place that shares what it did not touch. So what a reader was given stays as it was without being copied, which
 * is what makes the simulation fast; who changes an item that he was given, or a value that he has written, breaks it.
 */
export class MemoryStore implements Store {
  private readonly tables: Record<Table, Map<string, Item>> = { runs: new Map(), locks: new Map() }

  async read(table: Table, key: Key): Promise<Item | undefined> {
    return this.get(table, key)
  }

  async write(write: Write): Promise<WriteResult> {
    return this.apply(write)
  }

  get(table: Table, key: Key): Item | undefined {
    return this.tables[table].get(idOf(key))
  }

  all(table: Table): Item[] {
    return [...this.tables[table].values()]
  }

  apply(write: Write): WriteResult {
    const table = this.tables[write.table]
    const id = idOf(write.key)
    const before = table.get(id)
    if (!holds(write.when, before ?? NOTHING)) return { done: false, item: before }
    const item = changed(before ?? write.key, write)
    table.set(id, item)
    return { done: true, item }
  }
}

const NOTHING: Item = {}

const idOf = (key: Key) => (key.run === undefined ? key.task : `${key.task}\n${key.run}`)

/** All operands are read from the item as it was before (DynamoDB Developer Guide, update expressions). */
function changed(before: Item, write: Write): Item {
  const after: Item = { ...before }
  /** Containers of `after` that are copies already. */
  const own = new Set<unknown>([after])
  const set = (path: Path, value: unknown) => {
    containerOf(after, path, own)[path.at(-1) as string] = value
  }
  for (const [path, value] of write.set ?? []) set(path, value)
  for (const path of write.remove ?? []) delete containerOf(after, path, own)[path.at(-1) as string]
  if (write.sum) set(write.sum[0], Number(valueAt(before, write.sum[1])) + write.sum[2])
  if (write.increment) set(write.increment, Number(valueAt(before, write.increment) ?? 0) + 1)
  if (write.addMember) {
    const [path, member] = write.addMember
    set(path, new Set([...((valueAt(before, path) ?? []) as Iterable<string>), member]))
  }
  return after
}

function holds(condition: Condition, item: Item): boolean {
  switch (condition.op) {
    case 'absent':
      return valueAt(item, condition.path) === undefined
    case 'present':
      return valueAt(item, condition.path) !== undefined
    case 'eq':
      return same(valueAt(item, condition.path), condition.value)
    case 'lt': {
      const value = valueAt(item, condition.path)
      return value !== undefined && (value as number) < (condition.value as number)
    }
    case 'sizeBelow': {
      const value = valueAt(item, condition.path)
      return value !== undefined && sizeOf(value) < condition.limit
    }
    case 'and':
      return condition.of.every((one) => holds(one, item))
    case 'or':
      return condition.of.some((one) => holds(one, item))
  }
}

function same(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || typeof right !== 'object') return left === right
  return JSON.stringify(left) === JSON.stringify(right)
}

function sizeOf(value: unknown): number {
  if (value instanceof Set) return value.size
  return typeof value === 'string' || Array.isArray(value)
    ? value.length
    : Object.keys(value as object).length
}

type Container = Record<string | number, unknown>

function valueAt(item: Item, path: Path): unknown {
  let at: unknown = item
  for (const name of path) at = (at as Container | undefined)?.[name]
  return at
}

/** The container of what `path` names, copied where it is still shared with the item before. */
function containerOf(item: Item, path: Path, own: Set<unknown>): Container {
  let container = item as Container
  for (const name of path.slice(0, -1)) {
    const inner = container[name]
    // DynamoDB: "The document path provided in the update expression is invalid for update".
    if (typeof inner !== 'object' || inner === null)
      throw new Error(`invalid document path: ${path.join('.')}`)
    if (own.has(inner)) container = inner as Container
    else {
      const copy = (Array.isArray(inner) ? [...inner] : { ...inner }) as Container
      own.add(copy)
      container[name] = copy
      container = copy
    }
  }
  return container
}
