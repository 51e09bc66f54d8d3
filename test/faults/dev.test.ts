import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startDev } from '../support/dev'
import { temporaryFolder } from '../support/engine'
import { descendantsOf } from '../support/processes'
import { isAlive } from './support/processes'

jest.setTimeout(60_000)

const SERVICE = {
  service: 'small',
  provider: { name: 'aws', runtime: 'nodejs22.x' },
  functions: { hello: { handler: 'handler.hello' } },
}

const onLinux = process.platform === 'linux' ? it : it.skip

// A deployment that lived on would deploy to whatever engine is at that port next.
onLinux('a deployment ends with the `sls tasks dev` that began it, however that ends', async () => {
  const service = temporaryFolder()
  writeFileSync(join(service.path, 'handler.js'), 'exports.hello = async () => "hi"')
  writeFileSync(join(service.path, 'serverless.yml'), JSON.stringify(SERVICE))
  const dev = startDev(service.path, { TMPDIR: service.path })
  let calls = 0
  // Whoever calls it waits for ever.
  const next = createServer(() => calls++)
  try {
    const [, port] = /^Packaging small .*:(\d+)$/.exec(await dev.line()) ?? []
    let below: number[] = []
    while (below.length === 0) {
      await sleep(5)
      below = descendantsOf(dev.child.pid as number)
    }
    await dev.stop()
    await new Promise<void>((resolve) => next.listen(Number(port), '127.0.0.1', resolve))
    while (below.some(isAlive)) await sleep(5)
    expect(calls).toBe(0)
  } finally {
    await dev.stop()
    next.closeAllConnections()
    await new Promise((resolve) => next.close(resolve))
    service.remove()
  }
})
