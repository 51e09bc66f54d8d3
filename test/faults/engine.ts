/** `npm run test:kills -- --rounds N --seed N`: see support/engine-rounds.ts. Exit code 1 where a promise was broken. */
import { parseArgs } from 'node:util'
import { runEngineRounds } from './support/engine-rounds'

async function main(): Promise<void> {
  // A line a process would drown what is to be seen; read as a client is made.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
  })
  const began = Date.now()
  const rounds = await runEngineRounds({
    rounds: Number(values.rounds),
    seed: Number(values.seed),
    onRound: ({ number, killed, runs, underWay, wrong }) => {
      console.log(
        `round ${number}  killed while ${killed}  ${runs} runs, ${underWay} under way  ${wrong.length} violations`,
      )
    },
  })
  const wrong = rounds.flatMap(({ number, wrong }) => wrong.map((what) => `  round ${number}: ${what}`))
  for (const line of wrong) console.log(line)
  const runs = rounds.at(-1)?.runs ?? 0
  const seconds = Math.round((Date.now() - began) / 1000)
  console.log(`${rounds.length} kills of the engine, ${runs} runs, ${wrong.length} violations, ${seconds} s`)
  if (wrong.length > 0) process.exitCode = 1
}

void main()
