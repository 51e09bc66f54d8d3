import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { built, PACKAGE_ROOT } from '../../lib/paths'
import { startNode } from '../support/child'
import { temporaryFolder } from '../support/engine'

/** What runs under a process, however deep. Read from /proc where it is, since small images have no `ps`. */
function descendants(pid: number): number[] {
  const children = parents().filter(([, parent]) => parent === pid)
  return children.flatMap(([child]) => [child, ...descendants(child)])
}

function parents(): [pid: number, parent: number][] {
  if (!existsSync('/proc/self/stat')) {
    const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=']).toString().trim().split('\n')
    return rows.map((row) => row.trim().split(/\s+/).map(Number) as [number, number])
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // PID (NAME) STATE PPID …, and the name may hold anything (proc(5)).
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        return [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]]
      } catch {
        return []
      }
    })
}

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
    const options = {
      serviceDir: service.path,
      service: 'small',
      stage: 'dev',
      region: 'us-east-1',
      port: '0',
    }
    const node = startNode(
      `process.argv[1] = ${JSON.stringify(join(PACKAGE_ROOT, 'node_modules', 'serverless', 'bin', 'serverless.js'))}
      require(${JSON.stringify(built('lib', 'commands', 'dev.js'))}).runDev(${JSON.stringify(options)})
        .then(() => console.log('ended'), (error) => console.log('failed: ' + error.message))`,
      {
        env: {
          HOME: service.path,
          AWS_ACCESS_KEY_ID: 'AKIAREAL',
          AWS_SECRET_ACCESS_KEY: 'real',
          AWS_PROFILE: 'real',
        },
      },
    )
    try {
      const lines: string[] = []
      while (!lines.at(-1)?.startsWith('No task has a schedule')) lines.push(await node.line())
      expect(lines[0]).toMatch(/^Packaging small and deploying it to http:\/\/127\.0\.0\.1:\d+$/)
      expect(lines).toContainEqual(expect.stringMatching(/^Deploying \d+ resources$/))
      expect(lines).toContain('Any AWS client looks inside:')
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
      expect(existsSync(join(service.path, '.slipstream', 'engine.json'))).toBe(true)

      const pid = node.child.pid as number
      const below = descendants(pid)
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
    const options = {
      serviceDir: PACKAGE_ROOT,
      service: 'x',
      stage: 'dev',
      region: 'us-east-1',
      port: 'http',
    }
    const node = startNode(
      `require(${JSON.stringify(built('lib', 'commands', 'dev.js'))}).runDev(${JSON.stringify(options)})
        .catch((error) => console.log(error.message))`,
    )
    expect(await node.line()).toBe('--port: not a port: http')
    expect(await node.ended).toBe(0)
  })
})
