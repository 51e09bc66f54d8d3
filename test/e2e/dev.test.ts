import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { clientConfig, temporaryFolder } from '../support/engine'
import { SLS, TestService } from './support/service'

/** A terminal in which the command runs; its signals reach all that runs in it, as those of a keyboard do. */
class Terminal {
  readonly lines: string[] = []
  readonly ended: Promise<number | null>
  private readonly child: ChildProcess

  constructor(dir: string, args: string[], env: NodeJS.ProcessEnv) {
    const child = spawn(process.execPath, [SLS, ...args], {
      cwd: dir,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => void this.lines.push(line))
    }
    this.ended = new Promise((resolve) => child.once('close', resolve))
    this.child = child
  }

  /** The first line that matches, now or later. */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      for (const line of this.lines) {
        const match = pattern.exec(line)
        if (match) return match
      }
      if (this.child.exitCode !== null) throw new Error(`it ended without it:\n${this.lines.join('\n')}`)
      await sleep(50)
    }
  }

  press(signal: NodeJS.Signals): void {
    const { pid, exitCode } = this.child
    if (pid !== undefined && exitCode === null) process.kill(-pid, signal)
  }
}

/** Processes whose command or environment names the folder, which those of the engine's functions do. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const about = ['cmdline', 'environ'].map((file) => readFileSync(join('/proc', pid, file), 'utf8'))
        return about.some((text) => text.includes(folder)) ? [`${pid} ${about[0]}`] : []
      } catch {
        return []
      }
    })
}

const onLinux = process.platform === 'linux' ? it : it.skip

describe('sls tasks dev, with everything set against it', () => {
  const service = new TestService().copy('serverless.yml').copy('handlers/demo.ts')
  const home = temporaryFolder()
  const data = temporaryFolder()
  const reached: string[] = []
  const terminals: Terminal[] = []
  let account: Server

  beforeAll(async () => {
    service.edit((text) => text.replace('max_len: 6', 'max_len: 1'))
    account = createServer((request, response) => {
      reached.push(`${request.method} ${request.url}`)
      response.writeHead(500).end()
    })
    await new Promise<void>((resolve) => account.listen(0, '127.0.0.1', resolve))
  })
  afterAll(async () => {
    for (const terminal of terminals) {
      terminal.press('SIGKILL')
      await terminal.ended
    }
    await new Promise((resolve) => account.close(resolve))
    service.remove()
    for (const folder of [home, data]) folder.remove()
  })

  function start(): Terminal {
    const elsewhere = `http://127.0.0.1:${(account.address() as AddressInfo).port}`
    const profile = `endpoint_url = ${elsewhere}\naws_access_key_id = AKIAREAL\naws_secret_access_key = real\n`
    mkdirSync(join(home.path, '.aws'), { recursive: true })
    writeFileSync(join(home.path, '.aws', 'credentials'), `[default]\n${profile}[real]\n${profile}`)
    writeFileSync(join(home.path, '.aws', 'config'), `[default]\n${profile}[profile real]\n${profile}`)
    const terminal = new Terminal(service.dir, ['tasks', 'dev', '--port', '0', '--data', data.path], {
      PATH: process.env['PATH'],
      TMPDIR: service.temporary,
      HOME: home.path,
      AWS_PROFILE: 'real',
      AWS_ACCESS_KEY_ID: 'AKIAREAL',
      AWS_SECRET_ACCESS_KEY: 'real',
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL: elsewhere,
      AWS_ENDPOINT_URL_CLOUDFORMATION: elsewhere,
      AWS_ENDPOINT_URL_S3: elsewhere,
    })
    terminals.push(terminal)
    return terminal
  }

  async function runsAt(endpoint: string): Promise<Record<string, unknown>[]> {
    const client = new DynamoDBClient(clientConfig(endpoint))
    const scan = new ScanCommand({ TableName: 'slipstream-dev-runs', ConsistentRead: true })
    const { Items = [] } = await DynamoDBDocumentClient.from(client).send(scan)
    client.destroy()
    return Items
  }

  const first: Record<string, unknown>[] = []

  onLinux(
    'shows the way in and the first run within half a minute, and leaves no process at Ctrl-C',
    async () => {
      const terminal = start()
      const [, endpoint = ''] = await terminal.line(/export AWS_ENDPOINT_URL=(http:\/\/127\.0\.0\.1:\d+) /)
      const [, ticks = ''] = await terminal.line(/^ {2}demo {2}(.*)$/)
      expect(ticks).toMatch(/^\d\d:\d\d:[03]0, \d\d:\d\d:[03]0, \d\d:\d\d:[03]0$/)
      const shown = Date.now()
      await terminal.line(/^\d\d:\d\d:\d\d {2}demo {2}RUNNING$/)
      expect(Date.now() - shown).toBeLessThan(35_000)
      const [, status] = await terminal.line(/^\d\d:\d\d:\d\d {2}demo {2}(SUCCEEDED|FAILED) {2,}\d+\.\d s/)

      first.push(...(await runsAt(endpoint)).filter((run) => run['status'] === status))
      expect(first).toHaveLength(1)
      // The command itself, and those of dispatcher, checker and demo at least.
      expect(processesOf(data.path).length).toBeGreaterThan(3)
      terminal.press('SIGINT')
      expect(await terminal.ended).toBe(0)
      expect(processesOf(data.path)).toEqual([])
      expect(terminal.lines.filter((line) => line.length > 80)).toEqual([])
      expect(terminal.lines.filter((line) => /warning/i.test(line))).toEqual([])
      expect(reached).toEqual([])
    },
    90_000,
  )

  onLinux(
    'has the records of before after a restart on the same data',
    async () => {
      const terminal = start()
      const [, endpoint = ''] = await terminal.line(/export AWS_ENDPOINT_URL=(\S+) /)
      expect(await runsAt(endpoint)).toEqual(expect.arrayContaining(first))
      terminal.press('SIGINT')
      expect(await terminal.ended).toBe(0)
      expect(reached).toEqual([])
    },
    60_000,
  )
})
