import { type Message, readMessage, tickTime, writeMessage } from '../../lib/core/message'
import { definitionOf } from '../support/world'

const RUN = '2026-01-05T10:00:00.000Z'
const tick = { kind: 'tick', task: 'load', scheduledAt: '2026-01-05T10:00:00Z', definition: definitionOf() }
const run = {
  kind: 'run',
  task: 'load',
  run: '2026-01-05T10:00:00.123Z',
  scheduledAt: RUN,
  trigger: 'manual',
  definition: definitionOf(),
}
const definition = (changes: object) => ({ ...tick, definition: { ...tick.definition, ...changes } })
const retry = (changes: object) => definition({ retry: { ...tick.definition.retry, ...changes } })
const read = (message: unknown) =>
  readMessage(typeof message === 'string' ? message : JSON.stringify(message))

test('a message is read as it was written', () => {
  const message = { ...tick, payload: { text: 'naïve 🙂', list: [1, null, true, { a: 0.5 }] } }
  expect(read(message)).toEqual(message)
})

test('a message is written in characters that SQS takes, and read back as it was', () => {
  const message = { ...tick, payload: { text: 'naïve 🙂 \0 \u007f \ufffe \uffff' } } as Message
  expect(writeMessage(message)).toMatch(/^[\t\n\r\x20-\ud7ff\ue000-\ufffd]+$/)
  expect(readMessage(writeMessage(message))).toEqual(message)
})

test.each<[string, unknown, RegExp]>([
  ['no JSON', '{', /^not JSON, 1 characters$/],
  ['null', null, /^message: must be of type object$/],
  ['no kind of ours', { kind: 'constructor' }, /^kind: must be of a known kind$/],
  ['no task', { ...tick, task: '' }, /^task: must match /],
  ['a task with a path in it', { ...tick, task: '../x' }, /^task: must match /],
  ['a run that is no time', { ...run, run: 'now' }, /^run: must match /],
  ['a time that does not exist', { ...run, run: '2026-02-30T10:00:00.123Z' }, /^run: must be a time that/],
  ['a tick that is no time', { ...run, scheduledAt: '2026' }, /^scheduledAt: must match /],
  [
    'an attempt 0',
    { kind: 'retry', task: 'load', run: RUN, attempt: 0, notBefore: 1 },
    /^attempt: .* below 1$/,
  ],
  ['a step back', { ...tick, everySeconds: -30 }, /^everySeconds: must not be below 1$/],
  ['a step of no length', '{"kind":"tick","everySeconds":1e999}', /everySeconds: must be of type number/],
  ['too many slots', definition({ concurrency: 1e9 }), /^definition\.concurrency: must not be above 100$/],
  [
    'a life without end',
    definition({ functionTimeout: 1e300 }),
    /^definition\.functionTimeout: .* above 900$/,
  ],
  ['a term in every line', definition({ failOn: [''] }), /^definition\.failOn\.0: must not be below 1$/],
  [
    'a policy that is none',
    definition({ overlap: 'toString' }),
    /^definition\.overlap: must be one of latest, /,
  ],
  [
    'a qualifier that breaks a stream name',
    definition({ qualifier: ']/[' }),
    /^definition\.qualifier: must match/,
  ],
  ['a back-off to infinity', retry({ backoff: 1e308 }), /^definition\.retry\.backoff: must not be above 10$/],
  ['two mistakes', { ...tick, task: 1, scheduledAt: 2 }, /^task: .*; scheduledAt: must be of type string$/],
])('a message with %s is refused by path and rule', (_, message, expected) => {
  expect(() => read(message)).toThrow(
    expect.objectContaining({ name: 'BadMessage', message: expect.stringMatching(expected) }),
  )
})

test('what a message holds is not in the error that refuses it', () => {
  const payload = { password: 'hunter2', id: 2 ** 60 }
  for (const body of [
    'hunter2 {',
    JSON.stringify({ ...tick, payload }),
    JSON.stringify({ ...tick, task: 'hunter2!' }),
  ]) {
    expect(() => read(body)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    )
  }
})

test.each([
  ['2026-01-05T10:00:00Z', Date.parse(RUN)],
  [RUN, Date.parse(RUN)],
  ['2026-01-05T10:00:00.500Z', undefined],
  ['2026-01-05T10:00:00', undefined],
  ['2026-01-05T10:00:00+01:00', undefined],
  ['2026-02-30T10:00:00Z', undefined],
  ['+275760-09-13T00:00:00.000Z', undefined],
  // JavaScript takes these for times.
  ['1', undefined],
  ['load 7', undefined],
  ['', undefined],
])('a tick is whole seconds in UTC with a year of four digits: %s', (text, expected) => {
  expect(tickTime(text)).toBe(expected)
})
