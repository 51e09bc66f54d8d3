import { inOrder, reversed, runInOrder } from '../../../../lib/engine/cloudformation/template/graph'

const graph = (edges: Record<string, string[]>) =>
  new Map(Object.entries(edges).map(([node, befores]) => [node, new Set(befores)]))

it('puts each node after all that it depends on', () => {
  expect(inOrder(graph({ c: ['b', 'a'], b: ['a'], a: [], d: [] }))).toEqual(['a', 'd', 'b', 'c'])
})

it('names the nodes of a circle, and not those that only wait for it or lead to it', () => {
  expect(() => inOrder(graph({ a: ['start'], b: ['a', 'c'], c: ['b'], waits: ['c'], start: [] }))).toThrow(
    'Circular dependency between resources: [b, c]',
  )
})

it('turns the arrows round', () => {
  expect(reversed(graph({ a: [], b: ['a', 'elsewhere'] }))).toEqual(graph({ a: ['b'], b: [] }))
})

/** Work whose nodes end when they are told to. */
const work = () => {
  const ends = new Map<string, { resolve(): void; reject(error: Error): void }>()
  return {
    running: () => [...ends.keys()],
    async end(node: string, error?: Error) {
      const one = ends.get(node)
      ends.delete(node)
      if (error) one?.reject(error)
      else one?.resolve()
      await new Promise(setImmediate)
    },
    run: (node: string) => new Promise<void>((resolve, reject) => ends.set(node, { resolve, reject })),
  }
}

it('runs independent nodes side by side, and each other as soon as its own are done', async () => {
  const { running, end, run } = work()
  const done = runInOrder(graph({ a: [], b: [], c: ['a'], d: ['b', 'c'] }), run)
  expect(running()).toEqual(['a', 'b'])
  await end('a')
  expect(running()).toEqual(['b', 'c'])
  await end('c')
  await end('b')
  expect(running()).toEqual(['d'])
  await end('d')
  await expect(done).resolves.toEqual([])
})

it('starts nothing more after a failure, but lets what runs come to its end', async () => {
  const { running, end, run } = work()
  let over = false
  const done = runInOrder(graph({ a: [], b: [], c: ['b'] }), run).finally(() => {
    over = true
  })
  await end('a', new Error('no'))
  expect(over).toBe(false)
  await end('b')
  expect(running()).toEqual([])
  await expect(done).resolves.toEqual(['a'])
})

it('goes on, if told so, with what does not depend on the failed one', async () => {
  const { running, end, run } = work()
  const done = runInOrder(graph({ a: [], b: [], c: ['b'], d: ['a'] }), run, { goOn: true })
  await end('a', new Error('no'))
  await end('b')
  expect(running()).toEqual(['c'])
  await end('c')
  await expect(done).resolves.toEqual(['a'])
})
