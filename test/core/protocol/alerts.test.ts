import type { AlertState } from '../../../lib/core/alerts/state'
import { formatRecord } from '../../../lib/core/log-record'
import type { Effect } from '../../../lib/core/protocol/effect'
import { neverDispatched } from '../../../lib/core/protocol/record-writes'
import { Crash, definitionOf, endRecord, TASK, World } from '../../support/world'

const ALERTS = { on: ['failed', 'recovered'], after: 1, startGrace: 300, events: true } as const
const alerting = (on: readonly ('failed' | 'recovered' | 'missed')[] = ALERTS.on) =>
  definitionOf({ alerts: { ...ALERTS, on: [...on] } })
const verdict = { rule: 'ERROR', line: 3, text: 'ERROR fails' }
const BAD: AlertState = {
  v: 1,
  failures: ['2026-01-05T09:00:00.000Z'],
  open: {},
  said: {},
  owed: {},
  badAt: 1,
  goodAt: 0,
}

class Counting extends World {
  readonly effects: string[] = []
  override perform(effect: Effect): unknown {
    const what =
      effect.do === 'write' || effect.do === 'read'
        ? `${effect.do} ${'write' in effect ? effect.write.table : effect.table}`
        : effect.do
    this.effects.push(what)
    return super.perform(effect)
  }
}

function runOnce(definition = alerting(), end = {}): Counting {
  const world = new Counting()
  const run = world.tick(0, definition)
  world.startBody(run)
  world.end(run, end)
  return world
}

const isBad = (world: World) =>
  world.store.apply({
    table: 'locks',
    key: { task: TASK },
    set: [[['alerts'], BAD]],
    when: { op: 'present', path: ['task'] },
  })

describe('a run that succeeds while nothing is wrong', () => {
  test('does exactly what one does of a task that asks for no alerts', () => {
    const { effects, told } = runOnce()
    expect(told).toEqual([])
    expect(effects).toEqual(runOnce(definitionOf()).effects)
    expect(effects.filter((effect) => effect.startsWith('write'))).toHaveLength(
      // The first of a task makes the lock as well.
      5,
    )
  })

  test('tells when the lock says that something was wrong', () => {
    const world = new Counting()
    const run = world.tick(0, alerting())
    isBad(world)
    world.startBody(run)
    world.end(run)
    expect(world.told).toEqual([run])
    // By what the release brings back, at no read more.
    expect(world.effects.slice(-2)).toEqual(['write locks', 'alert'])
  })

  test('leaves what is wrong where it is, whatever becomes of slots', () => {
    const world = new World()
    const run = world.tick(0, alerting())
    isBad(world)
    world.tick(30, alerting())
    world.startBody(run)
    world.end(run)
    expect(world.store.get('locks', { task: TASK })).toMatchObject({ alerts: BAD })
    expect(world.told).toEqual([run])
  })
})

describe('a run that failed', () => {
  test('is told of before its slot is given back', () => {
    const { effects } = runOnce(alerting(), { errors: 1, verdict })
    expect(effects.slice(-3)).toEqual(['write runs', 'alert', 'write locks'])
  })

  test.each([
    ['for no alerts', definitionOf()],
    ['for others', alerting(['missed'])],
  ])('is told to nobody where its task asks %s', (_, definition) => {
    expect(runOnce(definition, { errors: 1, verdict }).told).toEqual([])
  })

  test('is not told of as long as it is tried again', () => {
    const retry = { attempts: 2, delay: 0, backoff: 1, maxDelay: 0 }
    expect(runOnce({ ...alerting(), retry }, { errors: 1, verdict }).told).toEqual([])
  })

  test('is told of by the redelivery, and by the deadline, when its handler died before', () => {
    const world = new World()
    const run = world.tick(0, alerting())
    world.startBody(run)
    const { logGroup, logStream = '' } = world.record(run)
    const lines = [endRecord({ errors: 1, verdict })]
    const perform = world.perform.bind(world)
    world.perform = (effect) => {
      if (effect.do === 'alert') throw new Crash()
      return perform(effect)
    }
    expect(() => world.log(run, ...lines)).toThrow(Crash)
    expect(world.record(run).status).toBe('FAILED')
    expect(world.lock.slots).toHaveProperty([run])
    expect({ logGroup, logStream }).toBeDefined()

    world.perform = perform
    world.now = world.record(run).until as number
    world.deliverAll('deadline', 'look')
    expect(world.told).toEqual([run])
    expect(world.lock.slots).toEqual({})
  })

  test('is told of where its error arrived after its end, again with its redelivery', () => {
    const world = runOnce()
    const [run = ''] = world.store.all('runs').map((record) => String(record['run']))
    const error = formatRecord({ slipstream: 'error', verdict })
    world.log(run, error)
    world.log(run, error)
    expect(world.record(run)).toMatchObject({ status: 'FAILED', reason: 'late-error' })
    expect(world.told).toEqual([run, run])
  })

  test('is told of where nothing but its slot was known', () => {
    const world = new World()
    const run = world.tick(0, alerting())
    world.startBody(run)
    world.end(run)
    const lost = '2026-01-05T10:05:00.000Z'
    world.store.apply({
      table: 'locks',
      key: { task: TASK },
      set: [[['slots', lost], world.now - 1]],
      when: { op: 'present', path: ['task'] },
    })
    world.deliver({ kind: 'deadline', task: TASK, run: lost, notBefore: 0 })
    expect(world.record(lost)).toMatchObject(
      Object.fromEntries(
        (neverDispatched({ task: TASK, run: lost }, world.now).set ?? []).map(([[name], value]) => [
          name,
          value,
        ]),
      ),
    )
    expect(world.told).toEqual([lost])
  })
})
