import { physicalName } from '../../../lib/engine/cloudformation/identifiers'
import { parseQuery } from '../../../lib/engine/cloudformation/query'
import { conform } from '../../../lib/engine/cloudformation/resources/shape'
import { parseTemplateUrl } from '../../../lib/engine/cloudformation/template/load'
import { responseXml } from '../../../lib/engine/cloudformation/xml'

it('reads lists in the order of their numbers, and structures within them', () => {
  const ten = [...Array(10).keys()].map((n) => `L.member.${n + 1}=${n}`).join('&')
  expect(parseQuery(`Action=X&T.member.1.Key=a+b&T.member.1.Value=%26&E=&${ten}`)).toEqual({
    Action: 'X',
    T: [{ Key: 'a b', Value: '&' }],
    E: '',
    L: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  })
})

it('writes lists as members, times in ISO 8601, and leaves out what is undefined', () => {
  const result = { A: [{ B: '<&>' }], At: new Date(0), Not: undefined, No: false }
  expect(responseXml('Get', result, 'id')).toBe(
    '<GetResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><GetResult>' +
      '<A><member><B>&lt;&amp;&gt;</B></member></A><At>1970-01-01T00:00:00.000Z</At><No>false</No>' +
      '</GetResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetResponse>',
  )
})

test.each([
  ['https://s3.amazonaws.com/bucket/a/b%20c.json', 'bucket', 'a/b c.json'],
  ['https://s3.eu-west-1.amazonaws.com/bucket/key', 'bucket', 'key'],
  ['http://127.0.0.1:4566/bucket/key', 'bucket', 'key'],
  ['https://my.bucket.s3.us-east-1.amazonaws.com/a/key', 'my.bucket', 'a/key'],
])('finds bucket and key in %s', (url, Bucket, Key) => {
  expect(parseTemplateUrl(url)).toEqual({ Bucket, Key })
})

test.each(['no url', 'https://s3.amazonaws.com/', 'https://s3.amazonaws.com/bucket'])('refuses %s', (url) => {
  expect(() => parseTemplateUrl(url)).toThrow('TemplateURL must be a supported URL.')
})

it('shortens physical names to what the service takes, and keeps the logical id readable', () => {
  expect(physicalName('app', 'Queue')).toMatch(/^app-Queue-[A-Z0-9]{12}$/)
  const long = physicalName('s'.repeat(60), 'LogicalId', { limit: 64 })
  expect(long).toHaveLength(64)
  expect(long).toContain('-LogicalId-')
  expect(physicalName('App', 'Bucket', { limit: 63, lowerCase: true })).toMatch(/^app-bucket-[a-z0-9]{12}$/)
  expect(physicalName('s'.repeat(128), 'l'.repeat(255), { limit: 64 })).toHaveLength(64)
})

test.each<[unknown, Parameters<typeof conform>[1], unknown]>([
  ['6', 'integer', 6],
  [6, 'string', '6'],
  ['true', 'boolean', true],
  [false, 'string', 'false'],
  ['1.5', 'number', 1.5],
  [{ A: 1 }, { map: 'string' }, { A: '1' }],
  [[1], { list: 'string' }, ['1']],
  [{ a: [1] }, 'json', { a: [1] }],
])('takes %j for %j', (value, shape, expected) => {
  expect(conform(value, shape, '#', false)).toEqual({ value: expected, problems: [] })
})
