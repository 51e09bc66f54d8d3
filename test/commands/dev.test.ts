import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startDev } from '../support/dev'
import { temporaryFolder } from '../support/engine'
import { descendantsOf } from '../support/processes'

const alive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('sls tasks dev', () => {
  const service = temporaryFolder()
  afterEach(() => service.remove())

  it('deploys the service, tells how to look inside, and leaves nothing at Ctrl-C', async () => {
    writeFileSync(join(service.path, 'handler.js'), 'exports.hello = async () => "hi"')
    writeFileSync(
      join(service.path, 'serverless.yml'),
      JSON.stringify({
        service: 'small',
        provider: { name: 'aws', runtime: 'nodejs22.x', profile: 'real' },
        functions: { hello: { handler: 'handler.hello' } },
      }),
    )
    const node = startDev(service.path, {
      AWS_ACCESS_KEY_ID: 'AKIAREAL',
      AWS_SECRET_ACCESS_KEY: 'real',
      AWS_PROFILE: 'real',
    })
    try {
      const lines: string[] = []
      while (!lines.at(-1)?.startsWith('No task has a schedule')) lines.push(await node.line())
      expect(lines[0]).toMatch(/^Packaging small and deploying it to http:\/\/127\.0\.0\.1:\d+$/)
      expect(lines).toContainEqual(expect.stringMatching(/^Deploying \d+ resources$/))
      expect(lines).toContain('Any AWS client looks inside:')
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
      expect(existsSync(join(service.path, '.slipstream', 'engine.json'))).toBe(true)

      const pid = node.child.pid as number
      const below = descendantsOf(pid)
      node.child.kill('SIGINT')
      const rest: string[] = []
      while (rest.at(-1) !== 'ended') rest.push(await node.line())
      expect(await node.ended).toBe(0)
      expect(below.filter(alive)).toEqual([])
      expect(rest.filter((line) => line !== '')).toEqual(['ended'])
      expect(existsSync(join(service.path, '.slipstream', 'engine.json'))).toBe(false)
    } finally {
      await node.stop()
    }
  }, 90_000)

  it('says what is wrong in one sentence before it starts anything', async () => {
    const node = startDev(service.path, {}, 'http')
    expect(await node.line()).toBe('failed: --port: not a port: http')
    expect(await node.ended).toBe(0)
  })
})
