import { parseArgs } from 'node:util'
import { nearest } from '../core/nearest'
import { againOf } from './again'
import { EXIT, usageError } from './errors'
import { runCommand } from './main'
import type { CommandName, OptionSpecs } from './options'
import { COMMANDS } from './table'
import { locate } from './where'

const PROGRAM = 'npx serverless-slipstream'
const WIDTH = 20

/** What the framework knows of itself, and this must be told. */
const SERVICE: OptionSpecs = {
  service: { usage: 'The Serverless service', type: 'string' },
  stage: { usage: 'Its stage (default dev)', type: 'string', shortcut: 's' },
  region: { usage: 'AWS region', type: 'string', shortcut: 'r' },
  profile: { usage: 'AWS profile', type: 'string' },
  help: { usage: 'Show this', type: 'boolean', shortcut: 'h' },
}

/** `npx serverless-slipstream …`: the commands of `sls tasks` without a service's folder. Gives the exit code. */
export async function runBin(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(`${overview().join('\n')}\n`)
    return EXIT.ok
  }
  if (!isCommand(name)) {
    const meant = nearest(name, Object.keys(COMMANDS))
    process.stderr.write(
      `there is no command ${name}${meant ? `; did you mean ${meant}?` : ''}\n\n${overview().join('\n')}\n`,
    )
    return EXIT.error
  }
  const options = optionsOf(name)
  let values: Record<string, string | boolean | undefined>
  try {
    values = parse(rest, options)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return EXIT.error
  }
  if (values['help']) {
    process.stdout.write(`${help(name).join('\n')}\n`)
    return EXIT.ok
  }
  const {
    service,
    stage = 'dev',
    region,
    profile,
    help: _,
    ...own
  } = values as Record<string, string | undefined>
  return runCommand(name, own, async () => {
    if (!service)
      throw usageError('--service is missing: the name of the Serverless service, as serverless.yml has it')
    return locate({
      service,
      stage,
      region,
      profile,
      local: values['local'] === true,
      folder: process.cwd(),
      program: PROGRAM,
      again: againOf({ service, stage: values['stage'], region, profile }, values['local'] === true),
    })
  })
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name)

function parse(args: string[], options: OptionSpecs): Record<string, string | boolean | undefined> {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, { type, shortcut }]) => [
      name,
      { type, ...(shortcut === undefined ? {} : { short: shortcut }) },
    ]),
  )
  return parseArgs({ args, options: config, strict: true, allowPositionals: false }).values
}

function overview(): string[] {
  return [
    `Usage: ${PROGRAM} COMMAND --service SERVICE [--stage STAGE] [options]`,
    '',
    ...Object.entries(COMMANDS).map(([name, { usage }]) => `  ${name.padEnd(10)}  ${usage}`),
    '',
    `${PROGRAM} COMMAND --help tells the options of one.`,
  ]
}

const optionsOf = (name: CommandName): OptionSpecs => ({ ...COMMANDS[name].options, ...SERVICE })

export function help(name: CommandName): string[] {
  return [
    `Usage: ${PROGRAM} ${name} --service SERVICE [options]`,
    '',
    COMMANDS[name].usage,
    '',
    ...Object.entries(optionsOf(name)).map(([option, { usage, type, shortcut }]) => {
      const short = shortcut === undefined ? '    ' : `-${shortcut}, `
      return `  ${`${short}--${option}${type === 'string' ? ' …' : ''}`.padEnd(WIDTH)}  ${usage}`
    }),
  ]
}
