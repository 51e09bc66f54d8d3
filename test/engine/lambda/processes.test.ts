import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateFunctionCommand, DeleteFunctionCommand } from '@aws-sdk/client-lambda'
import { MovedClock } from '../../../lib/engine/moved-clock'
import { built } from '../../../lib/paths'
import { hasPython } from '../../support/python'
import { call, isGone, node, startWorld, until, zip } from './support'

const code = (source: string) => ({ ZipFile: zip({ 'index.js': source }) })

/** Writes its own and a child's process id, then never comes back. */
const HANGS = `exports.handler = ({ file }) => {
  const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e3)'])
  require('fs').writeFileSync(file, process.pid + ' ' + child.pid)
  for (;;);
}`
const pids = (file: string) =>
  until(() => existsSync(file) && (readFileSync(file, 'utf8') || false)).then((text) =>
    text.split(' ').map(Number),
  )

test('closing ends every process, what they started too, and answers who waits', async () => {
  const world = await startWorld()
  await world.lambda.send(
    new CreateFunctionCommand({ ...node('idle'), Code: code('exports.handler = async () => process.pid') }),
  )
  await world.lambda.send(new CreateFunctionCommand({ ...node('hangs'), Timeout: 60, Code: code(HANGS) }))
  const idle = (await call(world.lambda, 'idle')).payload as number
  const file = join(world.dataDir, 'pids')
  const hanging = call(world.lambda, 'hangs', { file }).catch((error: Error) => error)
  const running = await pids(file)
  expect([idle, ...running].some(isGone)).toBe(false)
  await world.close()
  await hanging
  await until(() => [idle, ...running].every(isGone))
})

test('a process that was idle for five minutes is ended', async () => {
  const clock = new MovedClock('2026-01-01T00:00:00Z')
  const world = await startWorld({ clock })
  try {
    await world.lambda.send(
      new CreateFunctionCommand({ ...node('idle'), Code: code('exports.handler = async () => process.pid') }),
    )
    const pid = (await call(world.lambda, 'idle')).payload as number
    // It is answered for a moment before it asks for more.
    await until(async () => (await call(world.lambda, 'idle')).payload === pid)
    clock.advance(299_000)
    expect(isGone(pid)).toBe(false)
    await until(() => {
      clock.advance(1000)
      return isGone(pid)
    })
  } finally {
    await world.close()
    clock.close()
  }
})

test('a function that is deleted in its last invocation ends it, and its log group does not come back', async () => {
  // The clock stands, so that the first line is written when the invocation ends, and not before.
  const clock = new MovedClock('2026-01-01T00:00:00Z')
  const world = await startWorld({ clock })
  try {
    const waits = `exports.handler = async ({ begun, go }) => {
      const fs = require('fs')
      fs.writeFileSync(begun, '')
      while (!fs.existsSync(go)) await new Promise(setImmediate)
      console.log('the last line')
      return 'done'
    }`
    await world.lambda.send(new CreateFunctionCommand({ ...node('last'), Code: code(waits) }))
    const [begun, go] = [join(world.dataDir, 'begun'), join(world.dataDir, 'go')]
    const invoked = call(world.lambda, 'last', { begun, go })
    await until(() => existsSync(begun))
    await world.lambda.send(new DeleteFunctionCommand({ FunctionName: 'last' }))
    writeFileSync(go, '')
    expect((await invoked).payload).toBe('done')
    await until(() => world.logs.asked.includes('CreateLogStream'))
  } finally {
    await world.close()
    clock.close()
  }
  expect(world.logs.asked).toEqual(['CreateLogStream'])
  expect(world.warnings).toEqual([])
})

test.each(['nodejs20.x', ...(hasPython() ? (['python3.12'] as const) : [])] as const)(
  'when the engine itself is killed its %s processes end, even in an endless loop',
  async (Runtime) => {
    const dir = mkdtempSync(join(tmpdir(), 'slipstream-killed-'))
    let engine: ChildProcess | undefined
    try {
      const file = join(dir, 'pids')
      const python =
        'import os\ndef handler(event, context):\n    open(event["file"], "w").write(str(os.getpid()))\n    while True: pass\n'
      const files = Runtime === 'nodejs20.x' ? { 'index.js': HANGS } : { 'index.py': python }
      const create = {
        FunctionName: 'hangs',
        Role: node('x').Role,
        Runtime,
        Handler: 'index.handler',
        Timeout: 60,
      }
      const script = `
        const { Door } = require(${JSON.stringify(built('lib', 'engine', 'door', 'door.js'))})
        const { Inside } = require(${JSON.stringify(built('lib', 'engine', 'door', 'inside.js'))})
        const { createLambda } = require(${JSON.stringify(built('lib', 'engine', 'lambda', 'index.js'))})
        const { systemClock } = require(${JSON.stringify(built('lib', 'engine', 'clock.js'))})
        const request = (method, path, body) => ({ method, path, query: new URLSearchParams(), headers: {}, body: Buffer.from(JSON.stringify(body)), region: 'us-east-1' })
        Door.open(0, () => {}).then(async (door) => {
          const lambda = createLambda({ clock: systemClock, endpoint: door.endpoint, inside: new Inside(door), region: 'us-east-1', dataDir: ${JSON.stringify(dir)}, warn() {} })
          await lambda.handle(request('POST', '/2015-03-31/functions', ${JSON.stringify({ ...create, Code: { ZipFile: Buffer.from(zip(files)).toString('base64') } })}))
          await lambda.handle(request('POST', '/2015-03-31/functions/hangs/invocations', ${JSON.stringify({ file })}))
        })`
      engine = spawn(process.execPath, ['-e', script], { stdio: 'ignore' })
      const running = await pids(file)
      expect(running.some(isGone)).toBe(false)
      engine.kill('SIGKILL')
      await until(() => running.every(isGone))
    } finally {
      engine?.kill('SIGKILL')
      rmSync(dir, { recursive: true, force: true })
    }
  },
)
