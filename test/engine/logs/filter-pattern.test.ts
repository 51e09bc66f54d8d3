import { parseFilterPattern } from '../../../lib/engine/logs/filter-pattern'

const matching = (pattern: string, messages: string[]) => messages.filter(parseFilterPattern(pattern))

describe('terms', () => {
  const both = 'ERROR WARN message'
  const error = 'ERROR message'
  const warn = 'WARN message'
  const lines = [both, error, warn, 'Error in lower case']

  test.each([
    ['', lines],
    ['ERROR', [both, error]],
    ['ERROR WARN', [both]],
    ['?ERROR ?WARN', [both, error, warn]],
    ['ERROR -WARN', [error]],
    ['"ERROR" - "WARN"', [error]],
    ['-ERROR -WARN', ['Error in lower case']],
    // AWS ignores ? beside other terms.
    ['message ?ERROR', [both, error, warn]],
    ['-ERROR ?nothing', [warn, 'Error in lower case']],
    ['"WARN message"', [both, warn]],
    ['ERR', [both, error]],
    ['%^WARN%', [warn]],
    ['?%^WARN% ?lower', [warn, 'Error in lower case']],
    ['%E[A-Z]+R\\sm%', [error]],
  ])('%s', (pattern, expected) => {
    expect(matching(pattern, lines)).toEqual(expected)
  })

  test('a quoted phrase may hold quotes and any sign', () => {
    const line = '{"slipstream":"end","errors":0} [x] naïve'
    expect(matching('"{\\"slipstream\\":\\"end\\""', [line])).toEqual([line])
    expect(matching('"[x] naïve"', [line])).toEqual([line])
    expect(matching('naïve', [line])).toEqual([line])
  })
})

describe('JSON, with the examples of the user guide', () => {
  const event = JSON.stringify({
    eventType: 'UpdateTrail',
    sourceIPAddress: '111.111.111.111',
    arrayKey: ['value', 'another value'],
    objectList: [
      { name: 'a', id: 1 },
      { name: 'b', id: 2 },
    ],
    SomeObject: null,
    ThisFlag: true,
    user: { id: 1, email: 'John.Stiles@example.com' },
    users: [
      { id: 2, email: 'John.Doe@example.com' },
      { id: 3, email: 'Jane.Doe@example.com' },
    ],
    actions: ['GET', 'PUT', 'DELETE'],
    coordinates: [
      [0, 1, 2],
      [4, 5, 6],
    ],
    latency: 512.5,
    status: 404,
    code: '-7e2',
    'a.b': { 'c d': 'x' },
    'request-id': 'r_1',
  })

  test.each([
    '{ $.eventType = "UpdateTrail" }',
    '{$.eventType=UpdateTrail}',
    '{ $.sourceIPAddress != 123.123.* }',
    '{ $.sourceIPAddress = 111.* }',
    '{ $.eventType = "*Trail" }',
    '{ $.eventType = *dateT* }',
    '{ $.arrayKey[0] = "value" }',
    '{ $.objectList[1].id = 2 }',
    '{ $.SomeObject IS NULL }',
    '{ $.SomeOtherObject NOT EXISTS }',
    '{ $.ThisFlag IS TRUE }',
    '{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }',
    '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch && $.actions[2] = nomatch }',
    '{ $.coordinates[1][2] = 6 }',
    '{ $.latency >= 500 }',
    '{ $.latency < 10e3 && $.latency > +1.5 && $.latency <= 512.5 }',
    '{ $.latency = * }',
    '{ $.status = 4* }',
    '{ $.status = 404 && $.status != 500 }',
    '{ $.code < -600 }',
    '{ $.user.email = %^J.*les@example\\.com$% }',
    '{ $.user.email != %^Jane% }',
    "{ $.['a.b'].['c d'] = x }",
    "{ $['a.b']['c d'] = x }",
    '{ $.request-id = "r_1" }',
    '{ $.objectList[*].id = 2 }',
    '{ $.user.* = 1 }',
  ])('%s matches', (pattern) => {
    expect(matching(pattern, [event])).toEqual([event])
  })

  test.each([
    '{ $.eventType = "updatetrail" }',
    '{ $.eventType = "Up*Trail" }',
    '{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }',
    '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch) && $.actions[2] = nomatch }',
    // What is no value is not compared, with != neither.
    '{ $.users = 1 }',
    '{ $.users != 1 }',
    '{ $.user != x }',
    '{ $.missing != 1 }',
    '{ $.missing = * }',
    '{ $.SomeObject = * }',
    '{ $.SomeObject NOT EXISTS }',
    '{ $.missing IS NULL }',
    '{ $.ThisFlag IS FALSE }',
    '{ $.eventType > 5 }',
    '{ $.latency < 500 }',
    '{ $.arrayKey[2] = * }',
    '{ $.eventType[0] = * }',
    '{ $.toString = * }',
  ])('%s does not', (pattern) => {
    expect(matching(pattern, [event])).toEqual([])
  })

  test('what is not JSON does not match', () => {
    expect(matching('{ $.x NOT EXISTS }', ['plain', '{"x":', '"x"', '{}'])).toEqual(['{}'])
  })
})

describe('space-delimited fields, with the examples of the user guide', () => {
  const ok = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /apache_pb.gif HTTP/1.0" 200 1534'
  const gone = '127.0.0.1 - frank [10/Oct/2000:13:35:22 -0700] "GET /index.html HTTP/1.0" 404 532'
  const broken = '127.0.0.1 - - [10/Oct/2000:13:50:35 -0700] "GET /apache_pb.gif HTTP/1.0" 500 5324'
  const short = 'ERROR message'
  const lines = [ok, gone, broken, short]

  test.each([
    ['[ip, user, username, timestamp, request, status_code, bytes]', [ok, gone, broken]],
    ['[..., status_code, bytes]', lines],
    ['[ip, user, ..., status_code = 200, bytes]', [ok]],
    ['[ip, user, ...]', lines],
    ['[ip, user, username, timestamp, request, status_code, bytes > 1000]', [ok, broken]],
    ['[ip, user, username, timestamp, request, status_code = 4*, bytes]', [gone]],
    ['[ip, user, username, timestamp, request = *html*, status_code = 4*, bytes]', [gone]],
    ['[ip, , , , , status_code != 200 && status_code != 404, bytes]', [broken]],
    ['[..., request=*.html*, status_code=4*,]', [gone]],
    [
      '[ip, user, username, timestamp, request, status_code = %4\\d{2}% || status_code = 500, bytes]',
      [gone, broken],
    ],
    ['[ip, user, username = frank, timestamp = "10/Oct*", ...]', [ok, gone]],
    ['[w1=ERROR, w2]', [short]],
    ['[w1=ERROR || w1=WARN, w2]', [short]],
    ['[w1=ERROR]', []],
  ])('%s', (pattern, expected) => {
    expect(matching(pattern, lines)).toEqual(expected)
  })
})

test.each([
  'RequestId:',
  'a.b',
  '"open',
  '%open',
  '%a(b)%',
  '%something!%',
  '%a b%',
  '%%',
  '%[z-a]%',
  '%ä%',
  '{ $.a = 1',
  '{ $.a }',
  '{ $.a EXISTS }',
  '{ $.a IS NOT NULL }',
  '{ $.a = }',
  '{ $.a = 1 && }',
  '{ ($.a = 1 }',
  '{ $.a = 1 $.b = 2 }',
  '{ a = 1 }',
  '{ $.a > x }',
  '{ $.a = %x% && $.b = %y% && $.c = %z% }',
  '{ $.a[*].b[*] = 1 }',
  '{ $.a[*] = 1 && $.b[*] = 1 && $.c[*] = 1 && $.d[*] = 1 }',
  '{}',
  '[a, b',
  '[a = 1 || b = 1]',
  '[..., a, ...]',
  'x'.repeat(1025),
])('%s is refused', (pattern) => {
  expect(() => parseFilterPattern(pattern)).toThrow(
    expect.objectContaining({ code: 'InvalidParameterException' }),
  )
})
