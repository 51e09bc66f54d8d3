import { existsSync } from 'node:fs'
import { MovedClock } from '../../lib/engine/moved-clock'
import { startNode } from '../support/child'

const START = Date.parse('2026-03-01T00:00:00Z')

describe('a moved clock', () => {
  let clock: MovedClock
  beforeEach(() => {
    clock = new MovedClock(START)
  })
  afterEach(() => clock.close())

  it('stands still until it is moved', () => {
    expect(clock.now()).toBe(START)
    clock.advance(1500)
    expect(clock.now()).toBe(START + 1500)
  })

  it('fires due timers in order, each at its own time, and the older first of two for one instant', () => {
    const fired: [string, number][] = []
    const note = (name: string) => () => fired.push([name, clock.now() - START])
    clock.at(START + 20, note('late'))
    clock.at(START + 10, note('first'))
    clock.at(START + 10, note('second'))
    clock.at(START + 31, note('beyond'))
    clock.advance(30)
    expect(fired).toEqual([
      ['first', 10],
      ['second', 10],
      ['late', 20],
    ])
    expect(clock.now()).toBe(START + 30)
  })

  it('fires within one move what a timer sets on the way', () => {
    const fired: number[] = []
    const again = () => {
      fired.push(clock.now() - START)
      clock.at(clock.now() + 10, again)
    }
    clock.at(START + 10, again)
    clock.advance(35)
    expect(fired).toEqual([10, 20, 30])
  })

  it('fires what is due already without a move, but not before `at` has returned', async () => {
    const fired = new Promise<string>((resolve) => clock.at(START - 1, () => resolve('fired')))
    await expect(fired).resolves.toBe('fired')
  })

  it('does not fire what was cancelled', () => {
    const fn = jest.fn()
    const timer = clock.at(START + 1, fn)
    timer.cancel()
    timer.cancel()
    clock.advance(5)
    expect(fn).not.toHaveBeenCalled()
  })

  it('cannot go back', () => {
    expect(() => clock.advanceTo(START - 1)).toThrow(RangeError)
  })

  it('removes its file when it is closed', () => {
    const own = new MovedClock(START)
    const [file = ''] = Object.values(own.child.env)
    expect(existsSync(file)).toBe(true)
    own.close()
    expect(existsSync(file)).toBe(false)
  })
})

describe('a process that follows a moved clock', () => {
  let clock: MovedClock
  const running: ReturnType<typeof startNode>[] = []
  const start = (script: string) => {
    const started = startNode(`const say = (...x) => console.log(x.join(' '));${script}`, clock.child)
    running.push(started)
    return started
  }
  beforeEach(() => {
    clock = new MovedClock(START)
  })
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()))
    clock.close()
  })

  it('sees its time in every form of Date', async () => {
    const child = start(`
      class Mine extends Date {}
      say(Date.now(), +new Date(), +new Mine(), new Mine() instanceof Mine, Date(), +new Date(5), new Date() instanceof Date,
        +new (new Date().constructor)())
      setInterval(() => {}, 1e6)
      process.stdin.once('data', () => say(Date.now()))`)
    const zone = new Date(START).toString()
    expect(await child.line()).toBe([START, START, START, true, zone, 5, true, START].join(' '))
    clock.advance(90_000)
    child.child.stdin.write('look\n')
    expect(await child.line()).toBe(String(START + 90_000))
  })

  it('has its timers fire when the clock gets there, in order', async () => {
    const child = start(`
      setTimeout(() => say('b'), 20_000); setTimeout((x) => say(x), 10_000, 'a')
      const gone = setTimeout(() => say('never'), 5_000); clearTimeout(gone)
      const byId = setTimeout(() => say('never'), 5_000); clearTimeout(+byId)
      let n = 0; const every = setInterval(() => { say('every', ++n); if (n === 2) clearInterval(every) }, 60_000)
      say('ready')`)
    expect(await child.line()).toBe('ready')
    clock.advance(30_000)
    expect([await child.line(), await child.line()]).toEqual(['a', 'b'])
    clock.advance(30_000)
    expect(await child.line()).toBe('every 1')
    clock.advance(60_000)
    expect(await child.line()).toBe('every 2')
    expect(await child.ended).toBe(0)
  })

  it('has the promised timers follow too, with their abort signal', async () => {
    const child = start(`
      const { setTimeout: wait, setInterval: every, scheduler } = require('timers/promises')
      const gone = new AbortController()
      wait(1000, 0, { signal: gone.signal }).catch((error) => say(error.name)); gone.abort()
      wait(1000, 'first').then(say); scheduler.wait(2000).then(() => say('second'))
      require('util').promisify(setTimeout)(3000, 'third').then(say)
      ;(async () => { for await (const x of every(60_000, 'tick')) { say(x); break } })()`)
    expect(await child.line()).toBe('AbortError')
    clock.advance(3000)
    expect([await child.line(), await child.line(), await child.line()]).toEqual(['first', 'second', 'third'])
    clock.advance(60_000)
    expect(await child.line()).toBe('tick')
    expect(await child.ended).toBe(0)
  })

  it('leaves timers of no length and setImmediate to the machine', async () => {
    const child = start(
      `setTimeout(() => say('turn'), 0); setTimeout(() => say('turn')); setImmediate(() => say('immediate'))`,
    )
    expect([await child.line(), await child.line(), await child.line()].sort()).toEqual([
      'immediate',
      'turn',
      'turn',
    ])
    expect(await child.ended).toBe(0)
  })

  it('lives as long as a timer that holds it, and no longer', async () => {
    const child = start(`
      setTimeout(() => say('never'), 1000).unref(); setTimeout(() => say('held'), 500); say('ready')`)
    expect(await child.line()).toBe('ready')
    clock.advance(500)
    expect(await child.line()).toBe('held')
    expect(await child.ended).toBe(0)
  })

  it('keeps the async context of a timer', async () => {
    const child = start(`
      const { AsyncLocalStorage } = require('async_hooks'); const store = new AsyncLocalStorage()
      for (const name of ['one', 'two']) store.run(name, () => setTimeout(() => say(store.getStore()), 1000))
      say('ready')`)
    expect(await child.line()).toBe('ready')
    clock.advance(1000)
    expect([await child.line(), await child.line()]).toEqual(['one', 'two'])
  })

  it('has its ES modules import the same timers', async () => {
    const child = start(`
      import('node:timers/promises').then(({ setTimeout }) => { setTimeout(7000, 'esm').then(say); say('ready') })`)
    expect(await child.line()).toBe('ready')
    clock.advance(7000)
    expect(await child.line()).toBe('esm')
  })
})
