import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Backend } from '../../lib/engine/backends/backend'
import { systemClock } from '../../lib/engine/clock'

describe('an emulator in a worker', () => {
  const path = mkdtempSync(join(tmpdir(), 'slipstream-test-'))
  afterAll(() => rmSync(path, { recursive: true, force: true }))
  const start = () =>
    Backend.start(
      'dynalite-worker',
      { path },
      { clock: systemClock, failed: (error) => Promise.reject(error) },
    )

  it('can be closed twice', async () => {
    const backend = await start()
    await backend.close()
    await expect(backend.close()).resolves.toBeUndefined()
  })

  it('says so when it cannot start', async () => {
    const missing = Backend.start('no-such-worker', {}, { clock: systemClock, failed: () => {} })
    await expect(missing).rejects.toThrow('no-such-worker')
  })

  it('lets another open what it has closed', async () => {
    const first = await start()
    await first.close()
    const second = await start()
    await second.close()
  })
})
