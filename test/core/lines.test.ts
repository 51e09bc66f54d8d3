import { createJudge, type Level, operatorEnd, statedLevel } from '../../lib/core/lines'

describe('statedLevel', () => {
  test.each<[string, Level | undefined]>([
    ['{"level":"error","msg":"x"}', 'ERROR'],
    ['{"level":"ERROR"}', 'ERROR'],
    ['{"level":"Critical"}', 'FATAL'],
    ['{"level":50,"msg":"pino"}', 'ERROR'],
    ['{"level":60}', 'FATAL'],
    ['{"level":100}', 'FATAL'],
    ['{"level":35}', 'INFO'],
    ['{"level":3,"msg":"syslog, perhaps"}', undefined],
    ['{"severity":"WARNING"}', 'WARN'],
    ['{"level":"loud"}', undefined],
    ['{"message":"no level"}', undefined],
    ['{ not: json }', undefined],
    ['ERROR    2024-05-01 10:00:00,123 loader no such table', 'ERROR'],
    ['CRITICAL 2024-05-01 loader x', 'FATAL'],
    ['ERROR:root:message', 'ERROR'],
    ['[ERROR]\t2024-05-01T10:00:00.123Z\tid\tmessage', 'ERROR'],
    ['WARNING:root:ERROR in the data', 'WARN'],
    ['INFO\tcurrent run 0', 'INFO'],
    ['ERRORS were none', undefined],
    ['error in prose', undefined],
    ['Error: stack', undefined],
    ['', undefined],
  ])('%s is %s', (text, level) => {
    expect(statedLevel(text)).toBe(level)
  })
})

describe('the term ERROR', () => {
  const judge = createJudge({ failOn: ['ERROR'], except: [] })

  test.each<[string, string, Level | undefined, boolean]>([
    ['console.error', 'broken', 'ERROR', true],
    ['a level above', 'broken', 'FATAL', true],
    ['the word in an info line', 'INFO\tno ERROR found', 'INFO', false],
    ['the word in the data of a JSON line at info', '{"level":"info","state":"ERROR"}', undefined, false],
    ['a JSON line at error', '{"level":"error"}', undefined, true],
    ["pino's number", '{"level":50}', undefined, true],
    ['the word in a line without a level', 'job: ERROR no such table', undefined, true],
    ['the word in a JSON line without a level', '{"state":"ERROR"}', undefined, true],
    ['a lower-case word without a level', 'finished with error 0', undefined, false],
    ['a longer word', 'ERROR_COUNT=0 and NO_ERRORS', undefined, false],
    ["the operator's format", 'ERROR    2024-05-01 10:00:00 x message', undefined, true],
    ["the operator's format, info", 'INFO    2024-05-01 10:00:00 x no ERROR', undefined, false],
  ])('%s', (_, text, level, counts) => {
    expect(judge({ text, level })).toBe(counts ? 'ERROR' : undefined)
  })
})

describe('other terms', () => {
  const judge = createJudge({ failOn: ['WARN', 'quota exceeded'], except: ['harmless', 'DEBUG\t'] })

  test.each([
    ['INFO\tquota exceeded for x', 'quota exceeded'],
    ['INFO\tQuota Exceeded', undefined],
    ['WARN\tslow', 'WARN'],
    ['WARN\tharmless: quota exceeded', undefined],
    ['ERROR\tbroken', undefined],
  ])('%j matches %s', (text, rule) => {
    expect(judge({ text })).toBe(rule)
  })

  test('except takes a line at error out again', () => {
    expect(
      createJudge({ failOn: ['ERROR'], except: ['retrying'] })({ text: 'ERROR\tretrying' }),
    ).toBeUndefined()
  })
})

describe('operatorEnd', () => {
  test.each([
    ['End Request', true],
    ['End Request\n', true],
    ['INFO    2024-05-01 10:00:00,123 root End Request', true],
    ['INFO\t2024-05-01T10:00:00Z\troot\tEnd Request', true],
    ['[INFO]\t2024-05-01T10:00:00.123Z\t8a7f-1 End Request', true],
    ['INFO    2024-05-01 10:00:00 root waiting for End Request', false],
    ['End Request was seen', false],
    ['INFO\tEnd Request', false],
    ['Start Request', false],
  ])('%j: %s', (line, end) => {
    expect(operatorEnd(line)).toBe(end)
  })
})
