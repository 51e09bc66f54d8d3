import { validationError } from '../errors'

/** For each node, the nodes that must be done before it. */
export type Dependencies = ReadonlyMap<string, ReadonlySet<string>>

/** The nodes in an order in which each stands after all it depends on. Throws ValidationError on a circle. */
export function inOrder(dependencies: Dependencies): string[] {
  const order = new Set<string>()
  let left = [...dependencies.keys()]
  while (left.length > 0) {
    const ready = left.filter((node) =>
      [...(dependencies.get(node) ?? [])].every((before) => order.has(before) || !dependencies.has(before)),
    )
    if (ready.length === 0) {
      throw validationError(`Circular dependency between resources: [${circular(left, dependencies)}]`)
    }
    for (const node of ready) order.add(node)
    left = left.filter((node) => !order.has(node))
  }
  return [...order]
}

/** Of nodes none of which is ready, those on a circle or between two: the ones that only wait for it are left out. */
function circular(nodes: readonly string[], dependencies: Dependencies): string {
  const needed = nodes.filter((node) => nodes.some((other) => dependencies.get(other)?.has(node)))
  return needed.length === nodes.length ? [...nodes].sort().join(', ') : circular(needed, dependencies)
}

/** The same nodes with every arrow turned round. Arrows to nodes that are not there are dropped. */
export function reversed(dependencies: Dependencies): Map<string, Set<string>> {
  const turned = new Map([...dependencies.keys()].map((node) => [node, new Set<string>()]))
  for (const [node, befores] of dependencies) {
    for (const before of befores) turned.get(before)?.add(node)
  }
  return turned
}

/**
 * Runs `work` on every node, each as soon as all it depends on are done, independent ones side by side. After a
 * failure no further node is started, or with `goOn` none that depends on the failed one; resolves when all that were
 * started have ended, with the nodes that failed.
 */
export async function runInOrder(
  dependencies: Dependencies,
  work: (node: string) => Promise<void>,
  options: { goOn?: boolean } = {},
): Promise<string[]> {
  const waiting = new Map([...dependencies].map(([node, befores]) => [node, new Set(befores)]))
  for (const befores of waiting.values()) {
    for (const before of befores) if (!waiting.has(before)) befores.delete(before)
  }
  const failed: string[] = []
  const running = new Map<string, Promise<void>>()

  const startReady = () => {
    for (const [node, befores] of waiting) {
      if ((failed.length > 0 && !options.goOn) || befores.size > 0) continue
      waiting.delete(node)
      running.set(node, run(node))
    }
  }
  const run = async (node: string) => {
    try {
      await work(node)
      for (const befores of waiting.values()) befores.delete(node)
    } catch {
      failed.push(node)
    } finally {
      running.delete(node)
    }
    startReady()
  }

  startReady()
  while (running.size > 0) await Promise.all(running.values())
  return failed
}
