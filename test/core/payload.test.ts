import { payloadFault } from '../../lib/core/payload'

const nested = (levels: number): unknown => (levels === 0 ? 1 : { in: nested(levels - 1) })

test.each<[string, unknown]>([
  ['words, numbers, nothing', { a: 'naïve 🙂\0', b: -0, c: 1e-7, d: null, e: false, f: [], g: {}, h: '' }],
  ['keys that every object has', { constructor: 1, toString: 2, hasOwnProperty: 3 }],
  ['the largest whole number', { n: Number.MAX_SAFE_INTEGER }],
  ['a date of YAML', { day: new Date(0) }],
  ['30 levels', nested(30)],
])('a payload may hold %s', (_, payload) => {
  expect(payloadFault(payload)).toBeUndefined()
})

const circular: Record<string, unknown> = {}
circular['self'] = circular
const laughs = Array.from({ length: 8 }).reduce<unknown>((inner) => Array(10).fill(inner), 'ha')

test.each<[string, unknown, string, RegExp]>([
  ['a number that JavaScript rounds', { a: [{ id: 2 ** 53 }] }, 'a.0.id', /kept exactly/],
  ['a number too small', { n: 1e-200 }, 'n', /kept exactly/],
  ['infinity', { n: Number.POSITIVE_INFINITY }, 'n', /kept exactly/],
  ['half a character', { text: 'a\ud83d' }, 'text', /proper Unicode/],
  ['half a character in a key', { list: [{ '\udc00': 1 }] }, 'list.0', /a key that/],
  ['an empty key', { a: { '': 1 } }, 'a', /a key that is empty/],
  ['the key of the prototype', { a: JSON.parse('{"__proto__":1}') }, 'a', /"__proto__"/],
  ['a map named constructor', { a: { constructor: { name: 'Set' } } }, 'a.constructor', /another name/],
  ['31 levels', nested(31), Array(31).fill('in').join('.'), /nested more than 30/],
  ['itself', circular, Array(31).fill('self').join('.'), /nested more than 30/],
  ['a billion laughs', { laughs }, '', /more than 262144 values/],
  ['a function', { f: () => 1 }, 'f', /JSON can hold/],
  ['a big integer', { n: 1n }, 'n', /JSON can hold/],
  ['a set of YAML', { s: new Set() }, 's', /JSON can hold/],
  ['bytes of YAML', { b: Buffer.from('x') }, 'b', /JSON can hold/],
])('a payload with %s is refused by path and rule', (_, payload, path, rule) => {
  expect(payloadFault(payload)).toEqual({
    path: path === '' ? [] : path.split('.'),
    rule: expect.stringMatching(rule),
  })
})
