import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { help } from '../../lib/commands/bin'
import type { CommandName } from '../../lib/commands/options'
import { COMMANDS } from '../../lib/commands/table'
import { built } from '../../lib/paths'
import { temporaryFolder } from '../support/engine'
import { type HandMade, NOW, startHandMade } from './support/service'

const BIN = built('lib', 'bin.js')

jest.setTimeout(30_000)

let shop: HandMade
const folder = temporaryFolder()
beforeAll(async () => {
  shop = await startHandMade()
  await shop.schedule('load')
  await shop.schedule('still')
  await shop.lock('still', { paused: {} })
  for (let minute = 0; minute < 30; minute++)
    await shop.run('load', new Date(Date.parse(NOW) - minute * 60_000).toISOString())
})
afterAll(async () => {
  await shop?.close()
  folder.remove()
})

type Started = ReturnType<typeof start>

/** A process of the bin, in an empty folder, that knows the engine and nothing else of AWS. */
function start(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: folder.path,
    env: {
      PATH: process.env['PATH'],
      HOME: folder.path,
      AWS_ENDPOINT_URL: shop.engine.endpoint,
      AWS_REGION: 'us-east-1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.err += text
  })
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, ...texts })),
  )
  return { child, texts, ended }
}

const bin = (...args: string[]) => start([...args, '--service', 'shop']).ended

/** Resolves when the process has said that on stderr. */
function said({ child, texts }: Started, what: string): Promise<void> {
  return new Promise((resolve) => {
    const look = () => texts.err.includes(what) && resolve()
    child.stderr.on('data', look)
    look()
  })
}

it('needs no service’s folder, and prints data on stdout alone', async () => {
  const { code, out, err } = await bin('list')
  expect(code).toBe(0)
  expect(out.split('\n')[0]).toMatch(/^TASK +STATUS +LAST +NEXT +SCHEDULE$/)
  expect(out).not.toMatch(/\p{Cc}(?<!\n)/u)
  expect(err).toBe('')
})

it('ends in peace when its reader has gone', async () => {
  const { child, ended } = start(['runs', '-f', 'load', '--limit', '30', '--service', 'shop'])
  child.stdout.destroy()
  expect(await ended).toMatchObject({ code: 0, err: '' })
})

it.each([
  [['list', 'stray'], /^Unexpected argument 'stray'/],
  [['list', '--stauts', 'FAILED'], /^Unknown option '--stauts'/],
  [['run', '--wait', 'load'], /^Unexpected argument 'load'/],
  [['lst'], /^there is no command lst; did you mean list\?/],
  [['show', '-f', 'laod'], /^shop-dev has no task laod; did you mean load\?/],
])('answers a misuse by exit code 1 and a sentence: %j', async (args, message) => {
  const { code, out, err } = await bin(...args)
  expect(code).toBe(1)
  expect(err).toMatch(message)
  expect(out).toBe('')
})

it('asks for the service', async () => {
  expect(await start(['list']).ended).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^--service is missing/),
  })
})

it('prints an error as JSON too where JSON was asked for', async () => {
  const { code, out } = await bin('runs', '-f', 'load', '--limit', 'many', '--json')
  expect(code).toBe(1)
  expect(JSON.parse(out)).toEqual({
    error: {
      code: 'USAGE',
      message: '--limit must be a whole number from 1 to 10000, got "many"',
      exitCode: 1,
    },
  })
})

it('says that a service is not deployed, that there are no credentials, and that nothing answers', async () => {
  const other = await start(['list', '--service', 'other']).ended
  expect(other).toMatchObject({ code: 1, err: 'no task is deployed in other-dev\n' })
  const env = { AWS_ENDPOINT_URL: '', AWS_EC2_METADATA_DISABLED: 'true' }
  const nobody = await start(['list', '--service', 'shop', '--region', 'us-east-1', '--json'], env).ended
  expect(JSON.parse(nobody.out)).toMatchObject({ error: { code: 'NO_CREDENTIALS', exitCode: 1 } })
  const nothing = await start(['list', '--service', 'shop'], { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }).ended
  expect(nothing).toMatchObject({ code: 1, err: expect.stringMatching(/^nothing answers at the endpoint/) })
})

it('finds the engine that runs in this folder, and takes no dead one for it', async () => {
  const file = join(folder.path, '.slipstream', 'engine.json')
  mkdirSync(join(folder.path, '.slipstream'), { recursive: true })
  const local = () => start(['list', '--service', 'shop', '--local'], { AWS_ENDPOINT_URL: '' }).ended
  expect((await local()).err).toMatch(
    /^no local engine runs on .*\.slipstream: start one with "sls tasks dev"\n$/,
  )
  writeFileSync(
    file,
    JSON.stringify({ endpoint: shop.engine.endpoint, region: 'us-east-1', pid: process.pid }),
  )
  expect((await local()).code).toBe(0)
  writeFileSync(file, JSON.stringify({ endpoint: shop.engine.endpoint, region: 'us-east-1', pid: 1 }))
  expect((await local()).code).toBe(1)
})

it('starts nothing of a paused task, by exit code 3', async () => {
  const { code, err } = await bin('run', '-f', 'still', '--wait')
  expect(code).toBe(3)
  expect(err).toBe(
    'still is paused. Nothing was started; npx serverless-slipstream resume -f still --service shop ends the pause\n',
  )
})

it('gives up waiting by exit code 124', async () => {
  const { code, err } = await bin('run', '-f', 'load', '--wait', '--wait-timeout', '1s')
  expect(code).toBe(124)
  expect(err).toMatch(
    /the wait limit has passed and the run goes on. Its log: npx serverless-slipstream logs -t -f load --run \S+ --service shop\n$/,
  )
})

it('says at Ctrl-C that the run goes on, by exit code 130', async () => {
  const process = start(['run', '-f', 'load', '--wait', '--service', 'shop'])
  await said(process, 'load 20')
  process.child.kill('SIGINT')
  const { code, out, err } = await process.ended
  expect(code).toBe(130)
  expect(out).toBe('')
  expect(err).toMatch(/The run goes on. Its log: npx serverless-slipstream logs -t -f load /)
})

it('tells of itself and of each command, in 80 columns', async () => {
  const overview = await start(['--help']).ended
  expect(overview.code).toBe(0)
  for (const name of Object.keys(COMMANDS)) expect(overview.out).toMatch(new RegExp(`^  ${name} +\\S`, 'm'))
  expect((await start(['logs', '--help']).ended).out).toMatch(/^ {2}-f, --task … +Name of the task$/m)
  for (const line of Object.keys(COMMANDS).flatMap((name) => help(name as CommandName)))
    expect(line.length).toBeLessThanOrEqual(80)
})
