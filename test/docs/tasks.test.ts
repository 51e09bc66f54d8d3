import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ServiceSettings, Task } from '../../lib/plugin/config/schema'

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'tasks.md'), 'utf8')
const rows = page.split('\n').filter((line) => line.startsWith('| `'))

test.each([...Object.keys(Task.def.shape), ...Object.keys(ServiceSettings.def.shape)])(
  'docs/tasks.md says what `%s` is',
  (key) => {
    expect(rows.some((row) => row.split('|')[1]?.includes(`\`${key}\``))).toBe(true)
  },
)
