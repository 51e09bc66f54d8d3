import { formatRecord } from '../../../lib/core/log-record'
import { filterPattern } from '../../../lib/plugin/template/filter-pattern'
import { resolveTask } from '../support/facts'

const at = '2026-11-24T10:00:00.000Z'
const verdict = { rule: 'ERROR', line: 1, text: 'it broke' }

/** What stands in the terms of the pattern, read as AWS's CDK writes them. */
const termsOf = (pattern: string) =>
  [...pattern.matchAll(/\?"((?:[^"\\]|\\.)*)"/g)].map(([, term = '']) => term.replace(/\\(.)/g, '$1'))

const passes = (pattern: string, line: string) => termsOf(pattern).some((term) => line.includes(term))

test("passes the wrapper's records that can change a verdict, and not the start", () => {
  const pattern = filterPattern([resolveTask({})]) ?? ''
  const end = { requestId: 'r', at, outcome: 'returned', errors: 0 } as const
  expect(passes(pattern, formatRecord({ slipstream: 'error', verdict }))).toBe(true)
  expect(passes(pattern, formatRecord({ slipstream: 'end', ...end }))).toBe(true)
  expect(passes(pattern, formatRecord({ slipstream: 'start', requestId: 'r', at }))).toBe(false)
  expect(passes(pattern, 'ERROR which the wrapper counts itself')).toBe(false)
})

test('passes the last line and the terms of operator targets, each once, whatever is in them', () => {
  const operator = (failOn: string[]) => resolveTask({ function: 'report', target: 'operator', failOn })
  const pattern = filterPattern([operator(['ERROR', 'a "b" \\ c']), operator(['ERROR'])]) ?? ''
  expect(termsOf(pattern)).toEqual(['End Request', 'ERROR', 'a "b" \\ c'])
})

test('passes nothing for plain targets', () => {
  expect(filterPattern([resolveTask({ target: 'plain' })])).toBeUndefined()
})
