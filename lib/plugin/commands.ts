import { againOf } from '../commands/again'
import { usageError } from '../commands/errors'
import { strayWords } from '../commands/input/stray'
import type { CommandName } from '../commands/options'
import { COMMANDS } from '../commands/table'
import type { CommandOptions } from './serverless'

const NAMES = Object.keys(COMMANDS) as CommandName[]
const OWN_PLACE = ['stage', 'region', 'aws-profile'] as const

/** The commands of `sls tasks`, as the framework wants them described. */
export function taskCommands() {
  return Object.fromEntries(
    NAMES.map((name) => {
      const { usage, options } = COMMANDS[name]
      return [name, { usage, lifecycleEvents: [name], options }]
    }),
  )
}

export function taskHooks(run: (name: CommandName) => Promise<void>): Record<string, () => Promise<void>> {
  return Object.fromEntries(NAMES.map((name) => [`tasks:${name}:${name}`, () => run(name)]))
}

type Place = {
  folder: string
  service: string
  stage: string
  region: string
  profile: string | undefined
}

/** Runs one of them. What goes wrong is told by the command; the framework is given the exit code only. */
export async function runTaskCommand(
  name: CommandName,
  options: CommandOptions,
  place: Place,
): Promise<void> {
  // Loaded here and not before: the SDK is not for `sls package`.
  const { runCommand } = require('../commands/main') as typeof import('../commands/main')
  const { locate } = require('../commands/where') as typeof import('../commands/where')
  const own = Object.keys(COMMANDS[name].options)
  const given = Object.entries(options).filter(([option]) => own.includes(option))
  process.exitCode = await runCommand(name, Object.fromEntries(given), async () => {
    const [stray] = strayWords(process.argv.slice(2), COMMANDS[name].options)
    if (stray !== undefined)
      throw usageError(
        `"${stray}" belongs to no option: a task is named with --task, as in sls tasks ${name} -f ${stray}`,
      )
    const said = Object.fromEntries(OWN_PLACE.map((option) => [option, options[option]]))
    const local = options.local === true
    return locate({ ...place, local, program: 'sls tasks', again: againOf(said, local) })
  })
}
