import * as fc from 'fast-check'
import { createJudge } from '../../lib/core/lines'
import { parseRecord, RECORD_START } from '../../lib/core/log-record'
import { AttemptLog } from '../../lib/wrapper/attempt-log'
import { FakeLogs, throttled } from './fake-logs'

const at = { group: 'g', stream: 's' }

async function started() {
  const logs = new FakeLogs()
  await logs.createStream(at)
  const judge = createJudge({ failOn: ['ERROR'], except: [] })
  const log = new AttemptLog({ logs, at, judge, until: Date.now() + 60_000 })
  await log.start('request-1')
  const end = () => log.end({ requestId: 'request-1', outcome: 'returned' })
  const lines = () => logs.messages().filter((message) => !parseRecord(message))
  return { logs, log, end, lines }
}

test.each([
  ['a megabyte', 'x'.repeat(1024 * 1024)],
  ['a megabyte of characters of four bytes', '😀'.repeat(256 * 1024)],
])('%s in one line is kept, in parts that say so', async (_, text) => {
  const { log, end, lines } = await started()
  log.console('ERROR', text)
  log.console('INFO', 'behind it')
  await end()
  const parts = lines().slice(0, -1)
  expect(parts[0]).toMatch(/^ERROR\t/)
  expect(parts[1]).toMatch(new RegExp(`^\\[part 2 of ${parts.length}\\] `))
  expect(parts.map((part) => part.replace(/^(ERROR\t|\[part \d+ of \d+\] )/, '')).join('')).toBe(text)
  expect(lines().at(-1)).toBe('INFO\tbehind it')
  expect(log.errors).toBe(1)
})

test('more than can wait is dropped, counted and still judged', async () => {
  const { log, end, lines } = await started()
  const line = 'x'.repeat(1000)
  for (let i = 0; i < 20_000; i++) log.console('INFO', line)
  log.console('ERROR', 'in the dropped part')
  await end()
  const kept = lines().filter((text) => text === `INFO\t${line}`).length
  expect(lines().at(-1)).toMatch(new RegExp(`^WARN\t${20_001 - kept} lines dropped`))
  expect(kept).toBeGreaterThan(10_000)
  expect(log.errors).toBe(1)
})

test('after its end it takes nothing', async () => {
  const { logs, log, end } = await started()
  await end()
  const before = logs.messages()
  log.console('ERROR', 'late')
  log.write('stdout', 'late\n')
  log.threw('late')
  await new Promise(setImmediate)
  expect(logs.messages()).toEqual(before)
})

type Step = { say: string; how: 'log' | 'error' | 'stdout' | 'stderr' } | { pause: true } | { fault: true }
const text = fc.oneof(
  fc.string({ unit: 'binary' }).map((s) => s.replaceAll('\n', '')),
  fc.constantFrom(
    '',
    ' ',
    '\r',
    `${RECORD_START}end","requestId":"x"}`,
    '{"level":"error"}',
    'ERROR: x',
    'no ERROR',
  ),
  fc.constant('y'.repeat(300_000)),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ say: text, how: fc.constantFrom('log', 'error', 'stdout', 'stderr') }),
  },
  { weight: 1, arbitrary: fc.constant({ pause: true } as const) },
  { weight: 1, arbitrary: fc.constant({ fault: true } as const) },
)

test('whatever is printed, the stream is one start, every line in order, one end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { logs, log, end, lines } = await started()
      const said: string[] = []
      for (const one of steps) {
        if ('pause' in one) await new Promise(setImmediate)
        else if ('fault' in one) logs.faults.push({ call: 'putEvents', when: 'before', error: throttled() })
        else {
          const marked = `${one.say}#${said.length}`
          said.push(marked.replace(/\p{Surrogate}/gu, '\ufffd'))
          if (one.how === 'log') log.console('INFO', marked)
          else if (one.how === 'error') log.console('ERROR', marked)
          else log.write(one.how, `${marked}\n`)
        }
      }
      logs.faults.splice(1)
      await end()

      const records = logs.messages().flatMap((message) => parseRecord(message) ?? [])
      expect(
        records.filter(({ slipstream }) => slipstream !== 'error').map(({ slipstream }) => slipstream),
      ).toEqual(['start', 'end'])
      expect(parseRecord(logs.messages()[0] ?? '')?.slipstream).toBe('start')
      expect(parseRecord(logs.messages().at(-1) ?? '')).toMatchObject({
        slipstream: 'end',
        errors: log.errors,
      })
      const whole: string[] = []
      for (const line of lines()) {
        const part = /^\[part \d+ of \d+\] (.*)$/su.exec(line)
        if (part) whole.push(`${whole.pop()}${part[1]}`)
        else whole.push(line)
      }
      expect(whole).toHaveLength(said.length)
      whole.forEach((line, i) => {
        expect(line.replace(/\p{Surrogate}/gu, '\ufffd').endsWith(said[i] ?? '?')).toBe(true)
      })
    }),
    { numRuns: 60 },
  )
})
