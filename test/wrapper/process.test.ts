import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs'
import { type EndRecord, parseRecord } from '../../lib/core/log-record'
import { createLogs } from '../../lib/engine/logs'
import { built, PACKAGE_ROOT } from '../../lib/paths'
import { type Served, serve } from '../engine/support/serve'
import { clientConfig } from '../support/engine'
import { invocation } from './invocation'

/** The wrapper as it is put into artifacts, in a process of its own, against CloudWatch Logs over HTTP. */
const wrapper = built('wrapper', 'runtime.js')
let served: Served<ReturnType<typeof createLogs>>
let logs: CloudWatchLogs

beforeEach(async () => {
  served = await serve(createLogs, { start: new Date().toISOString() })
  logs = new CloudWatchLogs(clientConfig(served.endpoint))
  await logs.createLogGroup({ logGroupName: '/slipstream/test-dev' })
})
afterEach(async () => {
  logs.destroy()
  await served.close()
})

async function run(target: string, options: Parameters<typeof invocation>[0] = {}, event?: object) {
  const module = join(PACKAGE_ROOT, 'test/fixtures/targets', target)
  const args = [join(PACKAGE_ROOT, 'test/fixtures/runtime.js'), wrapper, module]
  const child = spawn(process.execPath, [...args, JSON.stringify(event ?? invocation(options).event)], {
    env: {
      AWS_ENDPOINT_URL: served.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return { output: output.trimEnd().split('\n'), code }
}

async function stream() {
  const at = { logGroupName: '/slipstream/test-dev', logStreamName: 's', startFromHead: true }
  const messages: string[] = []
  for (let token: string | undefined; ; ) {
    const page = await logs.getLogEvents({ ...at, ...(token && { nextToken: token }) })
    messages.push(...(page.events ?? []).map((event) => event.message ?? ''))
    if (page.nextForwardToken === token) break
    token = page.nextForwardToken
  }
  return {
    lines: messages.filter((message) => !parseRecord(message)),
    records: messages.flatMap((message) => parseRecord(message) ?? []).map(({ slipstream }) => slipstream),
    end: parseRecord(messages.at(-1) ?? '') as EndRecord,
  }
}

test('an ES module is run, its lines go to the stream and to Lambda’s log', async () => {
  const { output, code } = await run('module.mjs')
  expect(output).toEqual(['log: from a module', 'RESULT {"max_len":6}'])
  expect(code).toBe(0)
  expect(await stream()).toMatchObject({
    lines: ['INFO\tfrom a module'],
    records: ['start', 'end'],
    end: { outcome: 'returned', errors: 0, requestId: 'request-1' },
  })
})

test('without our payload it only runs', async () => {
  const { output } = await run('module.mjs', {}, { max_len: 2 })
  expect(output).toEqual(['log: from a module', 'RESULT {"max_len":2}'])
  await expect(stream()).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})

test('a second invocation of an attempt steps aside', async () => {
  await run('module.mjs')
  const { output } = await run('module.mjs')
  expect(output.at(-1)).toMatch(/^RESULT \{"slipstream":"not-run"/)
  expect((await stream()).records).toEqual(['start', 'end'])
})

test('a body that never returns ends at its limit, and its process with it', async () => {
  const { code } = await run('hang.js', { slipstream: { timeout: 0.5 } })
  expect(code).toBe(1)
  expect(await stream()).toMatchObject({ lines: ['INFO\tbegun'], end: { outcome: 'timed-out' } })
})

test('a body that exits leaves no end record, for Lambda’s report to tell', async () => {
  expect(await run('exit.js')).toEqual({ output: ['log: begun'], code: 3 })
  expect((await stream()).records).toEqual(['start'])
})

test('an error that nobody caught is in the log before the runtime hears of it', async () => {
  const { output, code } = await run('crash.js')
  expect(output.at(-1)).toBe('CRASHED in a timer')
  expect(code).toBe(129)
  const { lines, records, end } = await stream()
  expect(lines).toEqual(['INFO\tbegun', expect.stringMatching(/^ERROR\tError: in a timer\n/)])
  expect(records).toEqual(['start', 'end'])
  expect(end).toMatchObject({ outcome: 'crashed', error: 'Error: in a timer' })
})

test('a module that cannot be loaded fails the run with its error', async () => {
  const { output } = await run('throws-on-load.js')
  expect(output).toEqual(['FAILED Error: no configuration'])
  expect(await stream()).toMatchObject({ end: { outcome: 'threw', error: 'Error: no configuration' } })
})

test('a megabyte in one line arrives', async () => {
  await run('megabyte.js')
  const { lines, end } = await stream()
  expect(lines.join('').match(/x/g)).toHaveLength(1024 * 1024)
  expect(lines.at(-1)).toBe('INFO\tbehind it')
  expect(end).toMatchObject({ outcome: 'returned', errors: 0 })
})

test('what looks like our records does not become one', async () => {
  await run('forge.js')
  const { lines, records, end } = await stream()
  expect(lines).toHaveLength(4)
  expect(records).toEqual(['start', 'end'])
  expect(end).toMatchObject({ outcome: 'threw', error: 'Error: not a success' })
})

test('a handler that calls back is done when nothing is open any more', async () => {
  const { output } = await run('callback.js')
  expect(output).toEqual(['log: still open', 'RESULT "called back"'])
  expect(await stream()).toMatchObject({ lines: ['INFO\tstill open'], end: { outcome: 'returned' } })
})
