import { Cron } from 'croner'
import { nextTick, parseSchedule } from '../../lib/core/schedule'
import { readPage, snippetsOf } from './support/snippets'
import { rows, section } from './support/tables'
import { configOf } from './support/yaml'

const page = readPage('docs/from-airflow.md')
const START = Date.parse('2026-11-24T10:07:00Z')
const TICKS = 30

/** Airflow's presets (its documentation, Cron presets). */
const PRESETS: Record<string, string> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
}

const codes = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)

const schedules = rows(section(page, 'Schedules')).flatMap(([airflow, ours]) =>
  codes(ours).map((expression) => [codes(airflow)[0] ?? '', expression] as const),
)

test('there are schedules to compare', () => {
  expect(schedules.length).toBeGreaterThan(7)
})

test.each(schedules)('%s falls due when %s does', (airflow, ours) => {
  const cron = new Cron(PRESETS[airflow] ?? airflow, { timezone: 'UTC' })
  const theirs = cron.nextRuns(TICKS, new Date(START)).map((date) => date.getTime())
  const schedule = parseSchedule(ours, 'UTC')
  const found: number[] = []
  for (
    let tick = nextTick(schedule, START);
    tick !== undefined && found.length < TICKS;
    tick = nextTick(schedule, tick)
  )
    found.push(tick)
  expect(found).toEqual(theirs)
})

test('the DAG and the tasks that it becomes say the same', () => {
  const [dag, tasks] = snippetsOf('docs/from-airflow.md').map(({ text }) => text)
  const config = configOf(tasks ?? '')
  const [load] = config.tasks
  expect(config.tasks.map(({ name }) => name)).toEqual(
    [...(dag ?? '').matchAll(/task_id="(\w+)"/g)].map(([, id]) => id),
  )
  expect(load).toMatchObject({
    timezone: /tz="([^"]+)"/.exec(dag ?? '')?.[1],
    tags: ['warehouse'],
    payload: JSON.parse(/payload='([^']+)'/.exec(dag ?? '')?.[1] ?? ''),
    definition: {
      concurrency: Number(/max_active_runs=(\d+)/.exec(dag ?? '')?.[1]),
      timeout: 600,
      retry: {
        attempts: 1 + Number(/"retries": (\d+)/.exec(dag ?? '')?.[1]),
        delay: 60,
        backoff: 2,
        maxDelay: 1800,
      },
    },
  })
})
