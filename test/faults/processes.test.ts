import { runRounds } from './support/rounds'

jest.setTimeout(180_000)

// How functions' processes are found is known on Linux only (support/processes.ts).
const onLinux = process.platform === 'linux' ? it : it.skip

onLinux('keeps every promise while processes are killed and deliveries come twice', async () => {
  const rounds = await runRounds({ rounds: 2, seed: 4 })
  expect(rounds.flatMap(({ violations }) => violations)).toEqual([])
  for (const { owed, runs } of rounds) {
    expect(owed).toBeGreaterThan(0)
    expect(runs).toBe(owed)
  }
  // They come at random, and in rounds as short as these one kind may not come at all.
  expect(rounds.reduce((sum, { kills, doubled }) => sum + kills + doubled, 0)).toBeGreaterThan(0)
})
