import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { InTurn } from '../../lib/aws/in-turn'

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  setFlagsFromString('--no-expose-gc')
}

describe('in turn', () => {
  /** Each waits until it is told to end. */
  function jobs() {
    const begun: string[] = []
    const ends = new Map<string, (error?: Error) => void>()
    const job = (name: string) => () => {
      begun.push(name)
      return new Promise<string>((resolve, reject) =>
        ends.set(name, (error) => (error ? reject(error) : resolve(name))),
      )
    }
    return { begun, job, end: (name: string, error?: Error) => ends.get(name)?.(error) }
  }
  const turnOfEvents = () => new Promise(setImmediate)

  it('begins the next about the same when the one before is over, and others at once', async () => {
    const { begun, job, end } = jobs()
    const turns = new InTurn()
    const all = [
      turns.do('a', job('a1')),
      turns.do('a', job('a2')),
      turns.do('b', job('b1')),
      turns.do('a', job('a3')),
    ]
    await turnOfEvents()
    expect(begun).toEqual(['a1', 'b1'])
    end('a1')
    await turnOfEvents()
    expect(begun).toEqual(['a1', 'b1', 'a2'])
    end('a2')
    await turnOfEvents()
    end('a3')
    end('b1')
    expect(await Promise.all(all)).toEqual(['a1', 'a2', 'b1', 'a3'])
  })

  it('goes on after one that failed, which fails for who asked for it alone', async () => {
    const { job, end } = jobs()
    const turns = new InTurn()
    const [first, second] = [turns.do('a', job('a1')), turns.do('a', job('a2'))]
    await turnOfEvents()
    end('a1', new Error('lost'))
    await expect(first).rejects.toThrow('lost')
    await turnOfEvents()
    end('a2')
    expect(await second).toBe('a2')
  })

  it('keeps nothing of what is over: a process that is kept warm handles messages without end', async () => {
    const turns = new InTurn()
    const results: WeakRef<Error>[] = []
    const handle = async () => {
      const result = new Error('lost')
      results.push(new WeakRef(result))
      if (results.length % 2 === 0) throw result
      return result
    }
    await Promise.allSettled(Array.from({ length: 100 }, (_, i) => turns.do(`task ${i % 50}`, handle)))
    // What a weak reference was made of is kept until the turn of events is over
    await turnOfEvents()
    collectGarbage()
    // The engine may have one or two of them at hand; one a task would be 50
    expect(results.filter((result) => result.deref()).length).toBeLessThan(10)
    // Not to be garbage itself before
    await turns.do('another', async () => {})
  })
})
