import fc from 'fast-check'
import { parseStreamName, streamName, TASK_NAME } from '../../lib/core/names'

const word = (characters: string, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength })
const LETTERS = 'abzAZ019-_'
const attempt = fc.record({
  task: fc.oneof(word(`${LETTERS}.`, 64), fc.constantFrom('__proto__', 'constructor', '2026', '..')),
  run: fc
    .date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    })
    .map((date) => date.toISOString()),
  attempt: fc.integer({ min: 1, max: 100 }),
})
const parts = fc.record({
  qualifier: fc.oneof(fc.constant('$LATEST'), word(LETTERS, 128)),
  random: word('az09', 6),
  ownGroupPrefix: fc.option(word(LETTERS, 40), { nil: undefined }),
})

test('task, run and attempt are read back from every name of a stream, which CloudWatch Logs takes', () => {
  fc.assert(
    fc.property(attempt, parts, (at, { random, qualifier, ownGroupPrefix }) => {
      const name = streamName(at, { random, qualifier, ownGroupPrefix })
      expect(parseStreamName(name)).toEqual({
        ...at,
        qualifier,
        ...(ownGroupPrefix === undefined ? {} : { ownGroupPrefix }),
      })
      // API reference, CreateLogStream: 1 to 512 characters without : and *.
      expect(name).toMatch(/^[^:*]{1,512}$/)
    }),
    { numRuns: 2000 },
  )
})

test('a name that is read is the one that was written, or none of ours', () => {
  const real = 'load/2026/01/05/[$LATEST]100000000-1-x7'
  const mutated = fc
    .tuple(
      fc.nat(real.length),
      fc.nat(3),
      fc.string({ unit: fc.constantFrom(...'/[]-.0123a$\n\0é '), maxLength: 3 }),
    )
    .map(([at, gone, text]) => real.slice(0, at) + text + real.slice(at + gone))
  fc.assert(
    fc.property(fc.oneof(mutated, fc.string({ unit: 'binary' })), (name) => {
      const at = parseStreamName(name)
      if (at === undefined) return
      const random = name.slice(name.lastIndexOf('-') + 1)
      expect(streamName(at, { ...at, random })).toBe(name)
      expect(at.task).toMatch(TASK_NAME)
      expect(at.attempt).toBeGreaterThan(0)
    }),
    { numRuns: 5000 },
  )
})

test.each([
  ['attempt 0', 'load/2026/01/05/[$LATEST]100000000-0-x7'],
  ['an attempt beyond counting', `load/2026/01/05/[$LATEST]100000000-${'9'.repeat(400)}-x7`],
  ['an attempt with a leading zero', 'load/2026/01/05/[$LATEST]100000000-01-x7'],
  ['two prefixes', 'a/b/load/2026/01/05/[$LATEST]100000000-1-x7'],
  ['no qualifier', 'load/2026/01/05/[]100000000-1-x7'],
  ['a line break behind it', 'load/2026/01/05/[$LATEST]100000000-1-x7\n'],
  ["Lambda's own", '2026/01/05/[$LATEST]0123456789abcdef0123456789abcdef'],
])('a stream with %s is none of ours', (_, name) => {
  expect(parseStreamName(name)).toBeUndefined()
})
