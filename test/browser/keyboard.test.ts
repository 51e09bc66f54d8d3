import type { Page } from 'playwright-core'
import { startWorld, type World } from './support/world'

describe('the page by keyboard alone', () => {
  let world: World
  let page: Page
  beforeAll(async () => {
    world = await startWorld()
    page = await world.open('#/')
  })
  afterAll(() => world.end())

  const keys = async (...names: string[]) => {
    for (const name of names) await page.keyboard.press(name)
  }
  const heading = (text: string | RegExp) => page.locator('main h1').getByText(text).waitFor()
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim())

  it('finds a task, opens it and its newest run, goes to the run before and back up again', async () => {
    await keys('/')
    await page.keyboard.type('ping')
    await page.getByText('1 of 9').waitFor()
    await keys('Escape', 'j')
    expect(await focused()).toBe('ping-partners')
    await keys('Enter')
    await heading('ping-partners')
    await page.getByRole('table', { name: 'Runs of ping-partners' }).waitFor()
    await keys('j', 'Enter')
    await heading('Succeeded')
    const newest = page.url()
    await page.locator('a[aria-label^="Older run"]').waitFor()
    await keys('[')
    await page.waitForFunction((url) => location.href !== url, newest)
    await page.locator('a[aria-label^="Newer run"]').waitFor()
    await keys(']')
    await page.waitForFunction((url) => location.href === url, newest)
    await keys('Escape')
    await heading('ping-partners')
    await keys('Escape')
    await heading('Tasks')
  })

  it('goes to the timeline and back, and tells its keys', async () => {
    await keys('g', 'l')
    await heading('Timeline')
    await keys('g', 't')
    await heading('Tasks')
    await keys('?')
    await page.locator('dialog[open]').getByText('older, newer run').waitFor()
    await keys('Escape')
    await page.waitForSelector('dialog', { state: 'detached' })
  })

  it('asks nothing any more about a view that is left by Back', async () => {
    await page.goto(`${world.engine.endpoint}/#/`)
    await heading('Tasks')
    await page.goto(`${world.engine.endpoint}/#/t/train-model`)
    await heading('train-model')
    await page.getByRole('button', { name: 'Backfill' }).click()
    await page.waitForSelector('dialog[open]')
    await page.goBack()
    await heading('Tasks')
    await page.waitForSelector('dialog', { state: 'detached' })
  })

  it('moves in a log by its errors, and copies the link of a line', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(`${world.engine.endpoint}/#/r/load-orders/${world.scene.failed.run}?attempt=1`)
    await page.waitForSelector('.log-line')
    await keys('e')
    await page.waitForFunction(() => location.hash.includes('L=2'))
    await keys('k')
    await page.waitForFunction(() => location.hash.includes('L=1'))
    await keys('c')
    await page.getByText('The link is copied.').waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
      /#\/r\/load-orders\/.*attempt=1&L=1$/,
    )
    await page.waitForSelector('.log.wrap')
    await keys('w')
    await page.waitForSelector('.log:not(.wrap)')
  })

  it('pauses a task from the first Tab to the last', async () => {
    await page.goto(`${world.engine.endpoint}/#/t/train-model`)
    await heading('train-model')
    await page.reload()
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await keys('Tab')
    expect(await focused()).toBe('To the content')
    await keys('Enter')
    for (let count = 0; count < 10 && (await focused()) !== 'Pause'; count++) await keys('Tab')
    await keys('Enter')
    await page.waitForSelector('dialog[open]')
    await page.keyboard.type('because')
    await keys('Enter')
    await page.getByText('Paused: because.').waitFor()
  })

  it('has a dialog open before the next key comes, however late the next frame is', async () => {
    await page.goto(`${world.engine.endpoint}/#/`)
    await heading('Tasks')
    const open = await page.evaluate(async () => {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true }))
      // A task of its own, as the next key's would be.
      await new Promise((next) => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = next
        port2.postMessage(undefined)
      })
      return document.querySelector('dialog')?.open
    })
    expect(open).toBe(true)
    await keys('Escape')
    await page.waitForSelector('dialog', { state: 'detached' })
  })

  it('does nothing at single keys where somebody types or has switched them off', async () => {
    await page.goto(`${world.engine.endpoint}/#/`)
    await heading('Tasks')
    await keys('/')
    await page.keyboard.type('gl?')
    await heading('Tasks')
    expect(await page.locator('dialog').count()).toBe(0)
    await keys('Escape', '?')
    await page.getByLabel('Single keys do something').press('Space')
    await keys('Escape')
    await page.waitForSelector('dialog', { state: 'detached' })
    await keys('g', 'l')
    await heading('Tasks')
  })
})
