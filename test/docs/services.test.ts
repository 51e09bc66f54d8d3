import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TestService } from '../e2e/support/service'
import { startWorld } from '../e2e/support/world'
import { PAGES, snippetsOf } from './support/snippets'
import { loadYaml } from './support/yaml'

jest.setTimeout(180_000)

/** The snippets that are a whole `serverless.yml`. */
const whole = PAGES.flatMap(snippetsOf).flatMap(({ page, language, text }) => {
  if (language !== 'yaml') return []
  const { service, tasks = {} } = loadYaml(text)
  const [task] = Object.keys(tasks)
  return service === undefined || task === undefined ? [] : [{ page, text, service, task }]
})

test('the README and the first deploy have one each', () => {
  expect(whole.map(({ page }) => page)).toEqual(expect.arrayContaining(['README.md', 'docs/first-deploy.md']))
})

test.each(whole)(
  'the service of $page is deployed as it stands, and its task runs',
  async ({ text, service, task }) => {
    const folder = new TestService()
    const world = await startWorld(service)
    try {
      writeFileSync(join(folder.dir, 'serverless.yml'), text)
      writeFileSync(join(folder.dir, 'load.js'), "exports.handler = async () => console.log('loaded')\n")
      await folder.sls(world.engine.endpoint, 'deploy')
      const record = await world.until(async () =>
        (await world.runs(task)).find(({ finishedAt }) => finishedAt !== undefined),
      )
      expect(record).toMatchObject({ status: 'SUCCEEDED' })
      expect((await world.stream(record)).lines).toEqual([expect.stringContaining('loaded')])
    } finally {
      await world.close()
      folder.remove()
    }
  },
)
