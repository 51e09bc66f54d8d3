import { absent, type Outgoing, type Write, writeAndSend } from '../../lib/core/protocol/effect'
import { perform } from '../../lib/ports/perform'
import type { Ports } from '../../lib/ports/ports'

const change: Write = { table: 'runs', key: { task: 'load', run: 'r' }, when: absent('task') }
const message: Outgoing = { message: { kind: 'next', task: 'load', run: 'r' }, delaySeconds: 0 }
const DONE = { done: true, item: {} }

/** A write and a send that come to their ends when they are told to. */
function held() {
  const began: string[] = []
  const ends = new Map<string, (error?: Error) => void>()
  const begin = (what: string, answer: unknown) => {
    began.push(what)
    return new Promise((resolve, reject) => {
      ends.set(what, (error) => (error ? reject(error) : resolve(answer)))
    })
  }
  const ports = {
    store: { write: () => begin('write', DONE) },
    queue: { send: () => begin('send', undefined) },
  } as unknown as Ports
  let over = false
  const result = perform(writeAndSend(change, message), ports).finally(() => {
    over = true
  })
  result.catch(() => {})
  return { began, end: (what: string, error?: Error) => ends.get(what)?.(error), result, isOver: () => over }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test.each([
  ['write', 'send'],
  ['send', 'write'],
] as const)(
  'effects that are together wait for none of the others, and are over with the last: %s before %s',
  async (first, last) => {
    const { began, end, result, isOver } = held()
    await turn()
    expect(began).toEqual(['write', 'send'])
    end(first)
    await turn()
    expect(isOver()).toBe(false)
    end(last)
    expect(await result).toEqual(DONE)
  },
)

test.each([
  ['write', 'send'],
  ['send', 'write'],
] as const)('where the %s fails nothing goes on behind it: it fails after the %s', async (failing, other) => {
  const { end, result, isOver } = held()
  await turn()
  end(failing, new Error('no capacity'))
  await turn()
  expect(isOver()).toBe(false)
  end(other)
  await expect(result).rejects.toThrow('no capacity')
})
