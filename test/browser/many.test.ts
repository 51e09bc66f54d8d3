import { gzipSync } from 'node:zlib'
import { addMany } from '../support/scene'
import { shot, startWorld, type World } from './support/world'

const TASKS = 500
const MOST_BYTES = 300_000

describe('500 tasks', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld(({ seed }) => addMany(seed, TASKS, 20))
  }, 240_000)
  afterAll(() => world.end())

  it('come in one request, of no more than 300 KB on the wire', async () => {
    const page = await world.open('#/')
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.reload()
    await page.waitForFunction((count) => document.querySelectorAll('.task-name').length > count, TASKS)
    await shot(page, 'many')
    // It may have looked again meanwhile.
    expect([...new Set(asked.filter((path) => path.startsWith('/api/')))]).toEqual(['/api/tasks'])
    const body = Buffer.from(await (await fetch(`${world.engine.endpoint}/api/tasks`)).arrayBuffer())
    expect(gzipSync(body).length).toBeLessThan(MOST_BYTES)
    await page.context().close()
  })

  it('are filtered while one types, without a row being drawn anew', async () => {
    const page = await world.open('#/')
    await page.waitForFunction((count) => document.querySelectorAll('.task-name').length > count, TASKS)
    const changed = await page.evaluate(async () => {
      const field = document.querySelector('[data-search]') as HTMLInputElement
      const added: Node[] = []
      const observer = new MutationObserver((records) => {
        for (const { addedNodes, target } of records)
          if ((target as Element).closest('tbody')) added.push(...addedNodes)
      })
      observer.observe(document.body, { childList: true, subtree: true })
      for (const text of ['j', 'jo', 'job-4', 'job-42', 'job-4', '']) {
        field.value = text
        field.dispatchEvent(new Event('input', { bubbles: true }))
        await new Promise((resolve) => requestAnimationFrame(resolve))
      }
      observer.disconnect()
      return added.filter((node) => node.nodeName === 'TR').length
    })
    expect(changed).toBe(0)
    await page.locator('[data-search]').fill('job-42')
    await page.getByText('10 of 509').waitFor()
    await page.context().close()
  })
})
