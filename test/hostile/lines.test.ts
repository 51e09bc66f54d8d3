import fc from 'fast-check'
import { createJudge, ERROR_TERM, operatorEnd, statedLevel } from '../../lib/core/lines'
import { formatRecord, parseRecord } from '../../lib/core/log-record'
import { evidenceOfOperator, evidenceOfRecords } from '../../lib/core/protocol/evidence'
import { definitionOf } from '../support/world'
import { DEEP, mutated } from './support'

const MEGABYTE = 1024 * 1024
/** Milliseconds of processor time for a line of a megabyte. A pattern that backtracks needs hours. */
const AT_MOST = 500

const definition = definitionOf({ target: 'operator', failOn: [ERROR_TERM, 'no such'], except: ['fine'] })
const judge = createJudge(definition)

/** Everything that is asked of a line. */
function judgeAll(text: string): void {
  statedLevel(text)
  judge({ text })
  operatorEnd(text)
  parseRecord(text)
  evidenceOfOperator(definition, [text])
  evidenceOfRecords([text])
}

const fill = (part: string, end = 'x') => part.repeat(Math.ceil(MEGABYTE / part.length)) + end

test.each<[string, string]>([
  ['blanks', fill(' ')],
  ['blanks before a brace', fill(' ', '{}')],
  ['blanks behind a brace', `{}${fill(' ')}`],
  ['a level and blanks', `ERROR${fill(' ')}`],
  ['a level, blanks and a number', `ERROR${fill(' ', '1')}`],
  ['a level, numbers and blanks', `INFO ${fill('1 ')}`],
  ['a level, one number and blanks', `INFO 1${fill(' ')}`],
  ['two numbers with blanks between them', `INFO 1${' '.repeat(MEGABYTE / 2)}2${' '.repeat(MEGABYTE / 2)}x`],
  ['digits', `INFO ${fill('1')}`],
  ['an end and blanks', `End Request${fill(' ')}`],
  ['ends', fill('End Request ')],
  ['an end behind a level and digits', `INFO ${fill('1', ' End Request x')}`],
  ['words that contain ERROR', fill('xERRORx')],
  ['braces', fill('}')],
  ['braces and blanks', fill('} ')],
  ['nested lists', `{"level":${DEEP}}`],
  ['nested maps', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ['a record that is nested', `{"slipstream":"end","verdict":${DEEP}}`],
  [
    'a record with a line of a megabyte',
    formatRecord({ slipstream: 'error', verdict: { rule: 'x', line: 1, text: fill('🙂') } }),
  ],
  ['brackets', fill('[')],
  ['a level in brackets', fill('[ERROR')],
])('a megabyte of %s is judged in no time', (_, text) => {
  const before = process.cpuUsage()
  judgeAll(text)
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1000).toBeLessThan(AT_MOST)
})

test('any line is judged, and what a record says of it is short and proper Unicode', () => {
  const record = formatRecord({
    slipstream: 'end',
    requestId: 'r',
    at: '2026-01-05T10:00:00.000Z',
    outcome: 'threw',
    errors: 1,
    verdict: { rule: 'ERROR', line: 1, text: 'ERROR\tno' },
    error: 'Error: no',
  })
  const parts = [
    'ERROR',
    'INFO',
    '[',
    ']',
    '{',
    '}',
    '"level":',
    '"',
    ' ',
    '\t',
    '\n',
    '1',
    'End Request',
    '\ud83d',
    '\0',
  ]
  const line = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...parts)).map((some) => some.join('')),
    fc.json(),
    mutated(fc.constant({ level: 'info', severity: 40, msg: 'ERROR' })).map((it) => JSON.stringify(it) ?? ''),
    mutated(fc.constant(JSON.parse(record))).map((it) => JSON.stringify(it) ?? ''),
    mutated(fc.constant({ ...JSON.parse(record), error: '🙂'.repeat(501).slice(1) })).map(
      (it) => JSON.stringify(it) ?? '',
    ),
  )
  fc.assert(
    fc.property(line, (text) => {
      judgeAll(text)
      const evidence = [evidenceOfRecords([text]), evidenceOfOperator(definition, [`ERROR ${text}`])]
      for (const one of evidence) {
        const { error = '', verdict } = one.kind === 'failed' ? one.failure : { error: '' }
        for (const kept of [error, verdict?.text ?? '', verdict?.rule ?? '']) {
          if (kept.length > 2100 || /\p{Surrogate}/u.test(kept)) throw new Error(JSON.stringify(kept))
        }
      }
    }),
    { numRuns: 20_000 },
  )
})

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
  'a level of %s is no level',
  (level) => {
    expect(statedLevel(JSON.stringify({ level }))).toBeUndefined()
    expect(judge({ text: JSON.stringify({ level, msg: 'an ERROR' }) })).toBe(ERROR_TERM)
  },
)
