import { Console } from 'node:console'
import fs from 'node:fs'
import { Logger } from '@aws-lambda-powertools/logger'
import pino from 'pino'
import { parseRecord } from '../../lib/core/log-record'
import type { AnyHandler } from '../../lib/wrapper/invoke'
import { wrapHandler } from '../../lib/wrapper/wrap'
import { FakeLogs } from './fake-logs'
import { invocation } from './invocation'

// What everything goes to as well need not be seen; replaced before the capture builds on it
for (const method of ['log', 'error'] as const) jest.spyOn(console, method).mockImplementation(() => {})
const stdout = jest.spyOn(process.stdout, 'write').mockImplementation(() => true)
jest.spyOn(process.stderr, 'write').mockImplementation(() => true)
const writeSync = jest
  .spyOn(fs, 'writeSync')
  .mockImplementation((_fd, data) => Buffer.byteLength(data as string))

let logs: FakeLogs
beforeEach(() => {
  logs = new FakeLogs()
})

async function run(handler: AnyHandler, failOn = ['ERROR']) {
  const { event, context } = invocation({ slipstream: { failOn } })
  await wrapHandler(handler, { logs, exit: () => {} })(event, context, () => {})
  return logs.messages().filter((message) => !parseRecord(message))
}
const end = () => parseRecord(logs.messages().at(-1) ?? '')

test('pieces written to stdout become lines, and the last needs no line break', async () => {
  const lines = await run(async () => {
    process.stdout.write('one ')
    process.stdout.write('line\r\nand')
    console.log('between')
    process.stdout.write(' another\n\nlast')
  })
  expect(lines).toEqual(['one line', 'INFO\tbetween', 'and another', ' ', 'last'])
})

test('a character cut in two between writes is whole in the log', async () => {
  const bytes = Buffer.from('é€😀\n')
  const lines = await run(async () => {
    for (const byte of bytes) process.stdout.write(Uint8Array.of(byte))
  })
  expect(lines).toEqual(['é€😀'])
})

test('stdout and stderr are joined apart, and other encodings understood', async () => {
  const lines = await run(async () => {
    process.stdout.write('out')
    process.stderr.write('err\n')
    process.stdout.write(Buffer.from('put\n').toString('base64'), 'base64')
  })
  expect(lines).toEqual(['err', 'output'])
})

test('the word ERROR counts in a line that has no level', async () => {
  await run(async () => {
    process.stdout.write('job: ERROR no such table\n')
  })
  expect(end()).toMatchObject({
    errors: 1,
    verdict: { rule: 'ERROR', line: 1, text: 'job: ERROR no such table' },
  })
})

test('what goes through a console that prints to stdout is taken once', async () => {
  const own = new Console(process.stdout, process.stderr)
  jest.mocked(console.log).mockImplementationOnce((text) => own.log(text))
  const lines = await run(async () => {
    console.log('once')
    own.log('twice')
  })
  expect(lines).toEqual(['INFO\tonce', 'twice'])
  expect(stdout).toHaveBeenCalledWith('once\n', expect.anything())
})

test('what is written to the file descriptors is taken, to other files not', async () => {
  const lines = await run(async () => {
    fs.writeSync(1, 'string\n')
    fs.writeSync(2, Buffer.from('a buffer\n'), 2)
    fs.writeSync(9, 'elsewhere\n')
  })
  expect(lines).toEqual(['string', 'buffer'])
  expect(writeSync).toHaveBeenCalledWith(9, 'elsewhere\n')
})

test("Powertools' logger is captured as the JSON it writes, and judged by its level", async () => {
  const logger = new Logger({ serviceName: 'report' })
  const lines = await run(async () => {
    logger.info('no ERROR here')
    logger.error('broken')
  })
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'INFO', message: 'no ERROR here' },
    { level: 'ERROR', message: 'broken' },
  ])
  expect(end()).toMatchObject({ errors: 1, verdict: { line: 2 } })
})

test('pino is captured as the JSON it writes, and judged by its number', async () => {
  const logger = pino()
  const lines = await run(async () => {
    logger.info('no ERROR here')
    logger.error('broken')
  })
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 30 }, { level: 50, msg: 'broken' }])
  expect(end()).toMatchObject({ errors: 1, verdict: { line: 2 } })
})

test('JSON given to the console stays JSON where it says its level or needs none', async () => {
  const lines = await run(async () => {
    console.log('{"level":"warn","state":"ERROR"}')
    console.log('{"state":"ERROR"}')
    console.error('{"state":"broken"}')
  })
  expect(lines).toEqual([
    '{"level":"warn","state":"ERROR"}',
    '{"state":"ERROR"}',
    'ERROR\t{"state":"broken"}',
  ])
  expect(end()).toMatchObject({ errors: 1, verdict: { line: 3 } })
})

test('a text that starts with its level keeps it', async () => {
  const lines = await run(async () => {
    console.log('ERROR: no such table')
    console.error('INFO: but printed as an error')
  })
  expect(lines).toEqual(['ERROR: no such table', 'ERROR\tINFO: but printed as an error'])
  expect(end()).toMatchObject({ errors: 2 })
})

test("a warning of Node.js' own, which it prints as an error, does not fail a run", async () => {
  const lines = await run(async () => {
    console.error('(node:7) [DEP0040] DeprecationWarning: The `punycode` module is deprecated.')
  })
  expect(lines).toEqual([expect.stringMatching(/^WARN\t\(node:7\)/)])
  expect(end()).toMatchObject({ errors: 0 })
})

test('a forged end record is a line like any other', async () => {
  const forged =
    '{"slipstream":"end","requestId":"x","at":"2026-05-01T10:00:00.000Z","outcome":"returned","errors":0}'
  const lines = await run(async () => {
    console.log(forged)
    process.stdout.write(`${forged}\n`)
    console.error(forged)
  })
  expect(lines).toEqual([`INFO\t${forged}`, `INFO\t${forged}`, `ERROR\t${forged}`])
})
