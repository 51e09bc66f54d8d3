import type { Context } from 'aws-lambda'
import type * as Alerter from '../../handlers/alerter'
import { AlertWorld, at, POLICY } from '../core/alerts/world'

/** The handler as Lambda calls it, over a world in memory. */
function load(world: AlertWorld) {
  process.env['POWERTOOLS_DEV'] = 'true'
  jest.resetModules()
  jest.doMock('../../lib/aws/ports', () => ({
    portsFromEnvironment: () => ({ ports: {}, prefix: 'shop-dev' }),
    variable: () => 'dev',
  }))
  jest.doMock('../../lib/aws/alerter', () => ({
    AlerterWorld: class {
      perform = async (step: Parameters<AlertWorld['run']>[0]) => world.run(step)
    },
  }))
  const { handler } = jest.requireActual<typeof Alerter>('../../handlers/alerter')
  const logged: string[] = []
  for (const level of ['debug', 'info', 'warn', 'error'] as const)
    jest.spyOn(console, level).mockImplementation((...args: unknown[]) => void logged.push(args.join(' ')))
  const context = { awsRequestId: 'request', functionName: 'f' } as Context
  return { logged, call: (event: unknown) => handler(event, context) }
}

afterEach(() => jest.restoreAllMocks())

const watched = (task: string) => ({ task, schedule: 'every 1 minute', timezone: 'UTC', policy: POLICY })

test("tells of a run's end", async () => {
  const world = new AlertWorld()
  world.record({ run: at(1), status: 'FAILED', finishedAt: at(2) })
  await load(world).call({ ended: { task: 'load', run: at(1) } })
  expect(world.said).toEqual(['failed 1'])
})

test.each([
  ['nothing', undefined],
  ['another word', 'watch'],
  ['an end without a run', { ended: { task: 'load' } }],
  ['an end with a key that is none', { ended: { task: 'load', run: '../x' } }],
  ['a look at no time', { watch: 'now', tasks: [] }],
  ['a look whose time was not put in', { watch: '<aws.scheduler.scheduled-time>', tasks: [] }],
  ['a look at a task that has no name', { watch: '2026-03-02T10:10:00Z', tasks: [watched('a b')] }],
])('does nothing but say so where it is sent %s', async (_, event) => {
  const world = new AlertWorld()
  const alerter = load(world)
  await alerter.call(event)
  expect(world.effects).toEqual([])
  expect(alerter.logged.join()).toContain("neither a run's end nor the watcher's time")
})

test('looks at every task although one cannot be looked at, and comes again for that one', async () => {
  const world = new AlertWorld()
  const perform = world.perform.bind(world)
  world.perform = (effect) => {
    if (effect.do === 'read' && effect.key.task === 'broken') throw new Error('no capacity')
    return perform(effect)
  }
  world.now = Date.parse(at(10))
  const alerter = load(world)
  const event = { watch: '2026-03-02T10:10:00Z', tasks: ['broken', 'load'].map(watched) }
  await expect(alerter.call(event)).rejects.toThrow('1 of 2 tasks could not be looked at')
  expect(world.sent.map(({ alert }) => `${alert.kind} ${alert.task}`)).toEqual(['missed load'])
  expect(alerter.logged.join()).toMatch(/"task":\s*"broken"/)
})
