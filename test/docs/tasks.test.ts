import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NOT_YET, ServiceSettings, Task } from '../../lib/plugin/config/schema'

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'tasks.md'), 'utf8')
const rows = page.split('\n').filter((line) => line.startsWith('| `'))

test.each([...Object.keys(Task.def.shape), ...Object.keys(ServiceSettings.def.shape)])(
  'docs/tasks.md says what `%s` is',
  (key) => {
    expect(rows.some((row) => row.split('|')[1]?.includes(`\`${key}\``))).toBe(true)
  },
)

test.each(NOT_YET)('docs/tasks.md says that `slipstream: %s` is not there yet', (key) => {
  expect(page.replaceAll('\n', ' ')).toMatch(new RegExp(`\`${key}\`[^.]* are not there yet`))
})
