import { runLine } from '../../../lib/commands/dev/run-line'
import type { RunRecord } from '../../../lib/core/protocol/record'

const now = new Date(2026, 2, 1, 12, 0, 10).getTime()
const iso = (seconds: number) => new Date(now - 10_000 + seconds * 1000).toISOString()
const run = (fields: Partial<RunRecord>) =>
  ({ task: 'demo', run: iso(0), status: 'RUNNING', scheduledAt: iso(0), ...fields }) as RunRecord
const line = (fields: Partial<RunRecord>, colour = false) =>
  runLine(run(fields), { taskWidth: 6, now, colour })

it('tells when a run started and of which task', () => {
  expect(line({ startedAt: iso(1) })).toBe('12:00:01  demo    RUNNING')
})

it('tells how long a run took', () => {
  expect(line({ status: 'SUCCEEDED', startedAt: iso(1), finishedAt: iso(7.25) })).toBe(
    '12:00:07  demo    SUCCEEDED    6.3 s',
  )
  expect(line({ status: 'SUCCEEDED', startedAt: iso(-119), finishedAt: iso(0) })).toBe(
    '12:00:00  demo    SUCCEEDED  1 m 59 s',
  )
})

it('tells of a failure the first failing line, else the error, else the reason', () => {
  const failed = { status: 'FAILED', startedAt: iso(1), finishedAt: iso(4) } as const
  const verdict = { rule: 'ERROR', line: 3, text: 'ERROR\tfails at 2\n  at body' }
  expect(line({ ...failed, verdict, error: 'Error: fails at 2' })).toBe(
    '12:00:04  demo    FAILED       3.0 s  line 3: ERROR fails at 2',
  )
  expect(line({ ...failed, error: 'Error: fails at 2' })).toMatch(/ {2}Error: fails at 2$/)
  expect(line({ ...failed, reason: 'no-log' })).toMatch(/ {2}no-log$/)
})

it('never takes more than 80 columns, nor lets a log line move the cursor', () => {
  const verdict = { rule: 'ERROR', line: 1, text: `\u001b[2J\r${'x'.repeat(200)}` }
  const told = line({ status: 'FAILED', startedAt: iso(1), finishedAt: iso(4), verdict })
  expect(told).toHaveLength(80)
  expect(told).toMatch(/x…$/)
  expect(told).not.toMatch(/\p{Cc}/u)
})

it('colours nothing but the status, and only when asked to', () => {
  expect(line({ status: 'FAILED', finishedAt: iso(4), reason: 'refused' }, true)).toBe(
    '12:00:04  demo    \u001b[31mFAILED\u001b[0m              refused',
  )
})
