import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { FAILING_LINE, LONG_LOG } from '../support/scene'
import { shot, startWorld, type World } from './support/world'

describe('the log of a run', () => {
  let world: World
  let page: Page
  beforeAll(async () => {
    world = await startWorld()
    page = await world.open('#/', { acceptDownloads: true })
  })
  afterAll(() => world.end())
  afterEach(() => expect(world.errors.splice(0)).toEqual([]))

  const open = async (query = '') => {
    await page.goto('about:blank')
    await page.goto(`${world.engine.endpoint}/#/r/load-orders/${world.scene.failed.run}${query}`)
    await page.waitForFunction((count) => document.querySelectorAll('.log-line').length === count, LONG_LOG)
  }
  const inView = (line: number) =>
    page.waitForFunction((number) => {
      const row = document.querySelector(`[data-line="${number}"]`)?.getBoundingClientRect()
      const pane = document.querySelector('.log')?.getBoundingClientRect()
      return row && pane && row.top >= pane.top && row.bottom <= pane.bottom
    }, line)

  // Not by its text alone: 20,000 lines would be looked through.
  const matches = (text: string) => page.locator('.matches').getByText(text, { exact: true }).waitFor()

  it('opens at the line that failed it, which the verdict links to', async () => {
    await open()
    await inView(FAILING_LINE)
    await shot(page, 'log')
    expect(await page.locator('.verdict a').getAttribute('href')).toContain(`L=${FAILING_LINE}`)
    await page.locator('.log').evaluate((pane) => pane.scrollTo(0, 0))
    await page.locator('.verdict a').click()
    await inView(FAILING_LINE)
    expect(await page.locator('.log-line.marked').count()).toBe(1)
  })

  it('shows what a line holds as text, draws colours and no other escape', async () => {
    await open('?L=1')
    expect(await page.locator('.log-line').nth(2).locator('.tx').textContent()).toContain(
      '<script>document.title',
    )
    expect(await page.locator('.log script, .log img').count()).toBe(0)
    expect(await page.title()).not.toBe('owned')
    const fifth = page.locator('.log-line').nth(4).locator('.tx')
    expect(await fifth.textContent()).toBe('green bold red plain')
    expect(await fifth.locator('.ansi-green').textContent()).toBe('green')
    expect(await fifth.locator('.ansi-red.ansi-bold').textContent()).toBe('bold red')
  })

  it('searches all of it, says which match it is at, and keeps the text in the URL', async () => {
    await open('?q=ORDER%20997%20')
    await matches('0 of 1')
    await page.locator('.log').focus()
    await page.keyboard.press('n')
    await matches('1 of 1')
    await inView(997)
    await page.locator('.log-bar [data-search]').fill('took')
    await matches('0 of 20')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await matches('2 of 20')
    await page.keyboard.press('Shift+Enter')
    await matches('1 of 20')
    expect(page.url()).toContain('q=took')
  })

  it('can be searched by the browser itself, also where it is not drawn', async () => {
    await open('?L=1')
    const found = await page.evaluate(() =>
      (window as unknown as { find(text: string): boolean }).find('order 19999 loaded'),
    )
    expect(found).toBe(true)
    const line = await page.evaluate(
      () => getSelection()?.anchorNode?.parentElement?.closest('.log-line')?.querySelector('a')?.textContent,
    )
    expect(line).toBe('19999')
  })

  it('shows only the levels that are chosen, with how many lines each has', async () => {
    await open()
    await page.getByRole('button', { name: 'Warn 21' }).click()
    await page.locator('.log-notice').getByText('21 of 20,000 lines shown').waitFor()
    expect(page.url()).toContain('level=warn')
    expect(await page.locator('.log-line:visible').count()).toBe(21)
    await page.getByRole('button', { name: 'Error 2' }).click()
    await page.locator('.log-notice').getByText('23 of 20,000 lines shown').waitFor()
  })

  it('marks the lines of a link, and puts a line that is clicked into the URL', async () => {
    await open('?L=118-120')
    await inView(119)
    expect(await page.locator('.log-line.marked').count()).toBe(3)
    await page.locator('[data-line="122"]').click()
    expect(page.url()).toMatch(/L=122$/)
    await page.locator('[data-line="125"]').click({ modifiers: ['Shift'] })
    expect(page.url()).toMatch(/L=122-125$/)
    expect(await page.locator('.log-line.marked').count()).toBe(4)
  })

  it('is saved whole, or as it is shown, and says which', async () => {
    await open('?level=error')
    await page.locator('.menu summary').click()
    const save = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('.menu-items').getByText(name).click(),
      ])
      return {
        name: download.suggestedFilename(),
        lines: readFileSync(await download.path(), 'utf8')
          .trim()
          .split('\n'),
      }
    }
    const whole = await save('Whole log (.log)')
    expect(whole.name).toMatch(/^load-orders-.*-2\.log$/)
    // One line of the log has three.
    expect(whole.lines).toHaveLength(LONG_LOG + 2)
    const shown = await save('Only the 2 shown lines (.log)')
    expect(shown.name).toMatch(/-filtered\.log$/)
    expect(shown.lines[0]).toContain('ERROR\tcannot load order 5120: <script>')
  })

  it('shows each attempt', async () => {
    await open()
    await page.getByRole('button', { name: /^1 error/ }).click()
    await page.locator('.log').getByText('Error: connect ECONNREFUSED').waitFor()
    expect(page.url()).toContain('attempt=1')
  })

  it('lays out only what is seen of 20,000 lines, wherever it stands', async () => {
    await open('?L=1')
    const drawn = () =>
      page.evaluate(async () => {
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
        const lines = [...document.querySelectorAll('.log-line')]
        return lines.filter((line) => line.checkVisibility({ contentVisibilityAuto: true })).length
      })
    expect(await drawn()).toBeLessThan(1000)
    for (const key of ['w', 't', 'w', 't', 't']) {
      await page.keyboard.press(key)
      expect(await drawn()).toBeLessThan(1000)
    }
    await page.keyboard.press('e')
    await inView(FAILING_LINE)
    expect(await drawn()).toBeLessThan(1000)
  })

  it('shows a line of JSON over several lines, and again as it was written', async () => {
    await open('?L=7')
    const line = page.locator('.log-line').nth(6)
    const written = '{"level":"warn","message":"slow query","ms":812,"table":"orders"}'
    expect(await line.locator('.tx').textContent()).toBe(written)
    await line.getByRole('button', { name: 'over several lines' }).click()
    expect(await line.locator('.tx').textContent()).toBe(JSON.stringify(JSON.parse(written), null, 2))
    await line.getByRole('button', { name: 'as it was written' }).click()
    expect(await line.locator('.tx').textContent()).toBe(written)
  })
})

describe('the log of a run that goes on', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.end())

  it('is followed until the reader scrolls up, and again when they are back at its end', async () => {
    const { running } = world.scene
    const { logGroup, logStream = '' } = running
    const page = await world.open(`#/r/sync-contacts/${running.run}`)
    const write = (from: number, count: number) =>
      world.seed.append(
        { logGroup, logStream },
        Array.from({ length: count }, (_, index) => `INFO\tcontact ${from + index}`),
        Date.now(),
        0,
      )
    const lines = (count: number) =>
      page.waitForFunction((wanted) => document.querySelectorAll('.log-line').length === wanted, count)
    const atEnd = () =>
      page.locator('.log').evaluate((pane) => pane.scrollHeight - pane.scrollTop - pane.clientHeight < 40)
    await lines(2)
    await write(1, 200)
    await lines(202)
    expect(await atEnd()).toBe(true)
    await page.locator('.log').hover()
    await page.mouse.wheel(0, -800)
    await page.getByRole('button', { name: 'Follow', exact: true }).waitFor()
    await write(201, 100)
    await lines(302)
    expect(await atEnd()).toBe(false)
    await page.getByRole('button', { name: 'Follow', exact: true }).click()
    await page.getByRole('button', { name: 'Following' }).waitFor()
    await write(301, 50)
    await lines(352)
    expect(await atEnd()).toBe(true)
    await page.context().close()
  })
})
