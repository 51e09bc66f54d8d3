import { InTurn } from '../../lib/aws/in-turn'

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
    const { job, end } = jobs()
    const turns = new InTurn()
    const all = [turns.do('a', job('a1')), turns.do('a', job('a2')), turns.do('b', job('b1'))]
    await turnOfEvents()
    end('a1')
    end('b1', new Error('lost'))
    await Promise.allSettled([all[0], all[2]])
    expect(turns.size).toBe(1)
    end('a2')
    await all[1]
    expect(turns.size).toBe(0)
  })
})
