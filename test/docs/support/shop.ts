import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { strayWords } from '../../../lib/commands/input/stray'
import type { CommandName } from '../../../lib/commands/options'
import { COMMANDS } from '../../../lib/commands/table'
import type { RunRecord } from '../../../lib/core/protocol/record'
import { FakeIo } from '../../commands/support/io'
import { sessionAt } from '../../commands/support/session'
import { targetsService } from '../../e2e/support/targets'
import { startWorld } from '../../e2e/support/world'
import { clientConfig } from '../../support/engine'
import { definitionOf } from '../../support/world'

/** The tick of `load-orders` and the failed run of `nightly-report` by which the pages show how to look at one. */
const TICK = '2026-11-24T10:40:00.000Z'
const FAILED_TICK = '2026-11-23T01:30:00.000Z'

const HOUR = 3_600_000
const EXITS_WELL = [0, 2, 3]

/** The service that the pages speak of, deployed into one engine, with something to see of each kind. */
export async function startShop() {
  const world = await startWorld('shop', '2026-11-24T11:00:00.000Z')
  const say = { handler: 'targets/say.handler', timeout: 300 }
  const service = targetsService(
    'shop',
    { load: say, report: { handler: 'targets/report.handler', timeout: 300 } },
    {
      'load-orders': {
        function: 'load',
        schedule: 'every 20 seconds',
        payload: { max_len: 6 },
        description: 'Loads the orders',
      },
      'nightly-report': {
        function: 'report',
        schedule: 'cron(30 2 * * ? *)',
        timezone: 'Europe/Berlin',
        payload: { rows: 20, error: 'no such table: orders' },
        tags: ['reports'],
        retry: { attempts: 2, delay: 60 },
      },
      hourly: { function: 'load', schedule: 'rate(1 hour)' },
      archive: { function: 'load', schedule: 'cron(0 3 1 1 ? *)' },
      slow: { function: 'load', payload: { seconds: 200 } },
    },
  )
  const config = clientConfig(world.engine.endpoint)

  const record = (of: Partial<RunRecord> & Pick<RunRecord, 'task' | 'run'>) =>
    world.dynamoDb.send(
      new PutCommand({
        TableName: world.names.runsTable,
        Item: {
          status: 'SUCCEEDED',
          trigger: 'schedule',
          scheduledAt: of.run,
          attempt: 1,
          startedAt: of.run,
          finishedAt: of.run,
          function: 'shop-dev-load',
          qualifier: '$LATEST',
          logGroup: world.names.logGroup,
          keepFor: 2_592_000,
          definition: definitionOf({ logGroup: world.names.logGroup }),
          ...of,
        },
      }),
    )

  /** Runs `sls tasks …` as it is typed. Throws what the command throws. */
  async function tasks(words: readonly string[]): Promise<{ code: number; out: string[]; say: string[] }> {
    const [name = '', ...rest] = words
    if (!Object.hasOwn(COMMANDS, name)) throw new Error(`there is no command ${name}`)
    const command = COMMANDS[name as CommandName]
    const { values, place } = parse(name as CommandName, rest)
    const io = new FakeIo()
    const session = sessionAt(world.engine.endpoint, io, () => world.clock.now(), place)
    try {
      const code = await world.during(command.run(session, values))
      return { code, out: io.data, say: io.talk }
    } finally {
      session.close()
    }
  }

  await service.sls(world.engine.endpoint, 'deploy')
  // Of a run that is looked at there is a log as well: it is a real one.
  await tasks(['run', '-f', 'nightly-report', '--wait', '--tick', FAILED_TICK])
  await record({ task: 'load-orders', run: TICK })
  await record({
    task: 'load-orders',
    run: '2026-11-24T10:40:20.000Z',
    status: 'SKIPPED',
    reason: 'overlap',
    blockedBy: TICK,
  })
  // One that runs, and one that waits for it.
  for (const _ of [1, 2]) await tasks(['run', '-f', 'slow'])
  await tasks(['pause', '-f', 'hourly'])
  await world.dynamoDb.send(
    new PutCommand({
      TableName: world.names.locksTable,
      Item: { task: 'archive', v: 1, slots: { [FAILED_TICK]: Date.parse(FAILED_TICK) + HOUR } },
    }),
  )

  return {
    world,
    config,
    tasks,
    parse,
    exitsWell: (code: number) => EXITS_WELL.includes(code),
    async close() {
      await world.close()
      service.remove()
    },
  }
}

const PLACE = ['service', 'stage', 'region', 'profile', 'aws-profile'] as const

/** As the bin and the framework read them: an option that a command does not have, or a word too many, throws. */
export function parse(name: CommandName, words: readonly string[]) {
  const { parseArgs } = require('node:util') as typeof import('node:util')
  const { options } = COMMANDS[name]
  const known = Object.fromEntries([
    ...Object.entries(options).map(([option, { type, shortcut }]) => [
      option,
      { type, ...(shortcut === undefined ? {} : { short: shortcut }) },
    ]),
    ...PLACE.map((option) => [option, { type: 'string' as const }]),
  ])
  const { values } = parseArgs({ args: [...words], options: known, strict: true, allowPositionals: false })
  const [stray] = strayWords(['tasks', name, ...words], options)
  if (stray !== undefined) throw new Error(`"${stray}" belongs to no option`)
  const given = values as Record<string, string | boolean | undefined>
  const place = Object.fromEntries(
    Object.entries(given).filter(([key]) => key === 'service' || key === 'stage'),
  ) as { service?: string; stage?: string }
  const own = Object.fromEntries(
    Object.entries(given).filter(([key]) => !(PLACE as readonly string[]).includes(key)),
  )
  return { values: own, place }
}
