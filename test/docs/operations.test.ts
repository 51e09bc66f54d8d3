import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../lib/paths'
import { packaged } from '../plugin/support/package-fixture'
import { readPage } from './support/snippets'
import { section } from './support/tables'

const page = readPage('docs/operations.md')
const headings = (text: string) => [...text.matchAll(/^### `(.+)`$/gm)].map(([, name]) => name)

const CHECKS = join(PACKAGE_ROOT, 'lib', 'commands', 'check')
const codes = readdirSync(CHECKS)
  .filter((name) => name.endsWith('.ts'))
  .flatMap((name) => [...readFileSync(join(CHECKS, name), 'utf8').matchAll(/\bcode: '([a-z-]+)'/g)])
  .map(([, code]) => code)

test('docs/operations.md has an entry for every finding of sls tasks check, and for no other', () => {
  expect(codes.length).toBeGreaterThan(10)
  expect(headings(section(page, 'Findings')).sort()).toEqual([...new Set(codes)].sort())
})

describe('the alarms of a service with alerts', () => {
  const { service } = packaged('commonjs', { append: '\nslipstream:\n  alerts:\n    events: true\n' })

  test('each have an entry in docs/operations.md', () => {
    const alarms = Object.values(service.resources())
      .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
      .map(({ Properties }) => String(Properties['AlarmName']).replace('commonjs-dev', 'SERVICE-STAGE'))
    expect(headings(section(page, 'Alarms')).sort()).toEqual(alarms.sort())
  })
})
