/** `npm run test:faults -- --rounds N --seed N`: see support/rounds.ts. Exit code 1 where a promise was broken. */
import { parseArgs } from 'node:util'
import { KINDS } from './support/observe'
import { runRounds } from './support/rounds'

async function main(): Promise<void> {
  // A line a process would drown what is to be seen; read as a client is made.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '1' },
    },
  })
  const began = Date.now()
  const rounds = await runRounds({
    rounds: Number(values.rounds),
    seed: Number(values.seed),
    from: Number(values.from),
    onRound: ({ number, owed, runs, kills, doubled, violations }) => {
      console.log(
        `round ${number}  ${owed} ticks  ${runs} runs  ${kills} kills  ${doubled} doubled  ${violations.length} violations`,
      )
      for (const { kind, about } of violations) console.log(`  ${kind}: ${about}`)
    },
  })
  const total = (of: 'owed' | 'runs' | 'kills' | 'doubled') =>
    rounds.reduce((all, round) => all + round[of], 0)
  const all = rounds.flatMap(({ violations }) => violations)
  const found = KINDS.map((kind) => {
    const count = all.filter((violation) => violation.kind === kind).length
    return `${count} ${kind}${count === 1 ? '' : 's'}`
  })
  console.log(
    [
      `${rounds.length} rounds`,
      `${total('owed')} ticks`,
      `${total('runs')} runs`,
      `${total('kills')} processes killed`,
      `${total('doubled')} deliveries doubled`,
      ...found,
      `${Math.round((Date.now() - began) / 1000)} s`,
    ].join(', '),
  )
  if (all.length > 0) process.exitCode = 1
}

void main()
