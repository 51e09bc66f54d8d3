import { runEngineRounds } from './support/engine-rounds'

jest.setTimeout(180_000)

// What a killed engine had started is found on Linux only (support/processes.ts).
const onLinux = process.platform === 'linux' ? it : it.skip

onLinux(
  'goes on after kill -9 of the engine: no record is lost, no run stays, no process is left',
  async () => {
    const rounds = await runEngineRounds({ rounds: 2, seed: 25 })
    expect(rounds.flatMap(({ wrong }) => wrong)).toEqual([])
    expect(rounds.at(-1)?.runs).toBeGreaterThan(0)
  },
)
