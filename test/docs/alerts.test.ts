import { detailOf, EVENT_SOURCE, EVENT_TYPE } from '../../lib/core/alerts/message'
import { ALERT_KINDS } from '../../lib/core/alerts/policy'
import { onEnded } from '../../lib/core/alerts/respond'
import { MISSED_AFTER, WATCH_PERIOD } from '../../lib/core/alerts/watch'
import { Alerts } from '../../lib/plugin/config/alerts-schema'
import { AlertWorld, at, TASK } from '../core/alerts/world'
import { readPage } from './support/snippets'
import { section } from './support/tables'

const page = readPage('docs/alerts.md')
/** What the first cells of a section's rows name. */
const named = (text: string) =>
  [...text.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  )

test('docs/alerts.md says what each key is, and names no other', () => {
  const [keys = ''] = page.split('\n## ')
  expect(named(keys).sort()).toEqual(Object.keys(Alerts.shape).sort())
})

test('docs/alerts.md says when each kind is said', () => {
  expect(named(section(page, 'What is said, and when'))).toEqual(ALERT_KINDS)
  expect([MISSED_AFTER, WATCH_PERIOD]).toEqual([300_000, 300_000])
})

test('docs/alerts.md names every key of an event', () => {
  const events = section(page, 'Events')
  const detail = detailOf({
    service: '',
    kind: 'failed',
    task: '',
    tick: '',
    reminder: false,
    sentence: '',
    lines: [],
    command: '',
    run: {},
  })
  expect(named(events).sort()).toEqual(Object.keys(detail).sort())
  expect(events).toContain(`\`source\` is \`${EVENT_SOURCE}\`, \`detail-type\` is \`${EVENT_TYPE}\``)
})

test('an alert costs what docs/alerts.md says', () => {
  const world = new AlertWorld()
  world.record({ run: at(1), status: 'FAILED', finishedAt: at(2) })
  world.run(onEnded(world.context('m'), { task: TASK, run: at(1) }))
  const count = (what: string) => world.effects.filter((effect) => effect === what).length
  expect(page).toContain(`${count('read')} reads and ${count('write')} writes an alert`)
})
