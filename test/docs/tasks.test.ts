import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ABOUT_SERVICE, ABOUT_TASK, tableOf } from '../../lib/plugin/config/about'
import { ServiceSettings, Task } from '../../lib/plugin/config/schema'

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'tasks.md'), 'utf8')
const [tasks, service] = page.split('| key | value | default |\n| --- | --- | --- |\n').slice(1)

const rows = (text = '') => text.split('\n\n')[0]?.split('\n')

test('docs/tasks.md has the tables that the schema is described by', () => {
  expect(rows(tasks)).toEqual(tableOf(ABOUT_TASK))
  expect(rows(service)).toEqual(tableOf(ABOUT_SERVICE))
})

test('every key of the schema is described, and no other', () => {
  expect(Object.keys(ABOUT_TASK).sort()).toEqual(Object.keys(Task.def.shape).sort())
  expect(Object.keys(ABOUT_SERVICE).sort()).toEqual(Object.keys(ServiceSettings.def.shape).sort())
})
