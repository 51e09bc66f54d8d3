/** `npm run simulate -- …`: the words of the command line, and what is printed. */
import { parseArgs } from 'node:util'
import { BROKEN } from './broken'
import { FAULTS, type Fault } from './faults'
import { type HistoryOptions, runHistory } from './history'
import { type Found, search } from './search'
import { shrink } from './shrink'
import { INVARIANTS } from './violation'

const USAGE = `npm run simulate -- [--seeds N] [--from S] [--break NAME]
npm run simulate -- --seed S --trace
npm run simulate -- --break list

  --seeds N         how many histories (default 10000)
  --from S          the first seed (default 1)
  --seed S          this one history
  --trace           print it
  --break NAME      with the core broken on purpose; list: the names
  --ticks N         at most N ticks a history
  --faults A,B      only these faults
  --without 1,2     without the first and the second fault that struck
Exit codes: 0 nothing found, 1 a violation found, 64 misuse.`

const EXIT = { nothingFound: 0, found: 1, misuse: 64 } as const

export type Output = {
  out(line: string): void
  err(line: string): void
  /** Rewrites one line; absent where nobody watches. */
  progress?: ((line: string) => void) | undefined
  /** Milliseconds. */
  clock(): number
}

class Misuse extends Error {}

export function command(args: readonly string[], output: Output): number {
  try {
    const options = read(args)
    if (options.help) {
      output.out(USAGE)
      return EXIT.nothingFound
    }
    if (options.list) {
      for (const name of Object.keys(BROKEN)) output.out(name)
      return EXIT.nothingFound
    }
    return options.trace ? replay(options, output) : hunt(options, output)
  } catch (error) {
    if (!(error instanceof Misuse)) throw error
    output.err(`${error.message}\n\n${USAGE}`)
    return EXIT.misuse
  }
}

type Options = {
  help: boolean
  list: boolean
  trace: boolean
  from: number
  count: number
  broken: string | undefined
  history: HistoryOptions
}

function read(args: readonly string[]): Options {
  const values = parsed(args)
  const broken = values.break
  if (values.trace && values.seed === undefined)
    throw new Misuse('--trace needs --seed, the history to print')
  if (broken !== undefined && broken !== 'list' && !Object.hasOwn(BROKEN, broken))
    throw new Misuse(`--break: there is no ${JSON.stringify(broken)}; --break list prints the names`)
  const seed = values.seed === undefined ? undefined : whole('--seed', values.seed)
  return {
    help: values.help === true,
    list: broken === 'list',
    trace: values.trace === true,
    from: seed ?? (values.from === undefined ? 1 : whole('--from', values.from)),
    count: seed !== undefined ? 1 : values.seeds === undefined ? 10_000 : whole('--seeds', values.seeds),
    broken,
    history: {
      maxTicks: values.ticks === undefined ? undefined : whole('--ticks', values.ticks, 1),
      only: values.faults?.split(',').filter(Boolean).map(faultOf),
      without: values.without
        ?.split(',')
        .filter(Boolean)
        .map((number) => whole('--without', number, 1)),
      variant: broken === undefined ? undefined : BROKEN[broken],
    },
  }
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        seeds: text,
        from: text,
        seed: text,
        break: text,
        ticks: text,
        faults: text,
        without: text,
        trace: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    throw new Misuse((error as Error).message)
  }
}

function whole(option: string, text: string, least = 0): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
    throw new Misuse(`${option}: a whole number from ${least} on, got ${JSON.stringify(text)}`)
  return value
}

function faultOf(name: string): Fault {
  const fault = FAULTS.find((one) => one === name)
  if (fault === undefined)
    throw new Misuse(`--faults: there is no ${JSON.stringify(name)}, there are ${FAULTS.join(', ')}`)
  return fault
}

function replay({ from, history: options }: Options, output: Output): number {
  const history = runHistory(from, { ...options, trace: true })
  for (const line of history.trace) output.out(line)
  if (history.violation) output.out(INVARIANTS[history.violation.invariant])
  return history.violation ? EXIT.found : EXIT.nothingFound
}

function hunt({ from, count, broken, history: options }: Options, output: Output): number {
  const started = output.clock()
  const { progress } = output
  const rate = (histories: number) =>
    Math.round(histories / Math.max(0.001, (output.clock() - started) / 1000))
  const tally = search({
    ...options,
    from,
    count,
    untilFirst: broken !== undefined,
    ...(progress && {
      progress: (histories: number, violations: number) =>
        progress(`${histories} of ${count} histories, ${rate(histories)} a second, ${violations} violations`),
    }),
  })
  // The rate is that of the search; to make a history short takes as long as it takes.
  const speed = rate(tally.histories)
  progress?.('')
  for (const found of tally.found) show(found, options, broken, output)
  output.out(
    `${tally.histories} histories, ${tally.events} events, ${speed} histories/s, ${tally.violations} violations`,
  )
  return tally.violations > 0 ? EXIT.found : EXIT.nothingFound
}

function show(
  { invariant, history }: Found,
  given: HistoryOptions,
  broken: string | undefined,
  output: Output,
): void {
  output.out(`${invariant} is broken: ${INVARIANTS[invariant]}`)
  const { history: short, options } = shrink(invariant, history.seed, given)
  const words = [
    `--seed ${short.seed} --trace`,
    ...(broken === undefined ? [] : [`--break ${broken}`]),
    ...(options.maxTicks === undefined ? [] : [`--ticks ${options.maxTicks}`]),
    ...(options.only === undefined ? [] : [`--faults '${options.only.join(',')}'`]),
    ...(options.without?.length ? [`--without ${options.without.join(',')}`] : []),
  ]
  output.out(`Found with seed ${history.seed}; the shortest history found, to be seen again with`)
  output.out(`  npm run simulate -- ${words.join(' ')}`)
  output.out('')
  for (const line of runHistory(short.seed, { ...options, trace: true }).trace) output.out(line)
  output.out('')
}
