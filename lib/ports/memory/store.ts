import type { Condition, Item, Key, Path, Table, Write, WriteResult } from '../../core/protocol/effect'
import type { Store } from '../ports'

/** Conditional writes as DynamoDB judges them, in memory and at once. */
export class MemoryStore implements Store {
  private readonly tables: Record<Table, Map<string, Item>> = { runs: new Map(), locks: new Map() }

  async read(table: Table, key: Key): Promise<Item | undefined> {
    return this.get(table, key)
  }

  async write(write: Write): Promise<WriteResult> {
    return this.apply(write)
  }

  get(table: Table, key: Key): Item | undefined {
    const item = this.tables[table].get(idOf(key))
    return item && structuredClone(item)
  }

  all(table: Table): Item[] {
    return [...this.tables[table].values()].map((item) => structuredClone(item))
  }

  apply(write: Write): WriteResult {
    const before = this.get(write.table, write.key)
    if (!holds(write.when, before ?? {})) return { done: false, item: before }
    const item: Item = before ?? { ...write.key }
    const add = write.addMember && ([write.addMember[0], write.addMember[1]] as const)
    // All operands are read from the item as it was before (DynamoDB Developer Guide, update expressions).
    const sum = write.sum && Number(valueAt(item, write.sum[1])) + write.sum[2]
    const count = write.increment && Number(valueAt(item, write.increment) ?? 0) + 1
    const members = add && new Set([...((valueAt(item, add[0]) ?? []) as Iterable<string>), add[1]])
    for (const [path, value] of write.set ?? []) setAt(item, path, structuredClone(value))
    for (const path of write.remove ?? []) removeAt(item, path)
    if (write.sum) setAt(item, write.sum[0], sum)
    if (write.increment) setAt(item, write.increment, count)
    if (add) setAt(item, add[0], members)
    this.tables[write.table].set(idOf(write.key), item)
    return { done: true, item: structuredClone(item) }
  }
}

const idOf = (key: Key) => `${key.task}\n${key.run ?? ''}`

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

const same = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right)

function sizeOf(value: unknown): number {
  if (value instanceof Set) return value.size
  return typeof value === 'string' || Array.isArray(value)
    ? value.length
    : Object.keys(value as object).length
}

type Container = Record<string | number, unknown>

function valueAt(item: Item, path: Path): unknown {
  return path.reduce<unknown>((at, name) => (at as Container | undefined)?.[name], item)
}

function containerOf(item: Item, path: Path): Container {
  const container = valueAt(item, path.slice(0, -1))
  // DynamoDB: "The document path provided in the update expression is invalid for update".
  if (typeof container !== 'object' || container === null)
    throw new Error(`invalid document path: ${path.join('.')}`)
  return container as Container
}

function setAt(item: Item, path: Path, value: unknown): void {
  containerOf(item, path)[path.at(-1) as string] = value
}

function removeAt(item: Item, path: Path): void {
  delete containerOf(item, path)[path.at(-1) as string]
}
