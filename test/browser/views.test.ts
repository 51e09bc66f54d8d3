import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { NARROW, shot, startWorld, type World } from './support/world'

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

type Finding = { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }

/** What axe finds in WCAG 2.1 A and AA, but what is of little weight. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: unknown[] }> }
    }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
    return (await axe.run({ runOnly: { type: 'tag', values: tags } })).violations
  })
  return (violations as Finding[])
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
    )
}

/** Goes to another hash, and waits until there is nothing to wait for. */
async function show(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to
  }, hash)
  await page.waitForFunction(
    () => document.querySelector('main h1') && !document.querySelector('[aria-busy=true]'),
  )
  if (hash.startsWith('#/r/load-orders/') && hash.includes('attempt')) await page.waitForSelector('.log-line')
}

/** Buttons that are lower or narrower than 24 pixels (WCAG 2.5.8); links in a text are not meant. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement & { type?: string }>('button, summary, input, select')]
      .filter((element) => element.offsetParent !== null && element.type !== 'checkbox')
      .filter((element) => element.offsetHeight < 24 || element.offsetWidth < 24)
      .map((element) => element.outerHTML.slice(0, 100)),
  )
}

describe('every view of the page', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.end())
  afterEach(() => expect(world.errors.splice(0)).toEqual([]))

  const views = {
    tasks: () => '#/',
    'tasks filtered': () => '#/?status=FAILED,PAUSED&q=load',
    'tasks without a match': () => '#/?q=nothing-is-called-so',
    timeline: () => '#/timeline?range=6h',
    'timeline as a table': () => '#/timeline?as=table',
    task: () => '#/t/load-orders',
    'task with holders': () => '#/t/train-model',
    'paused task': () => '#/t/clean-up',
    'new task': () => '#/t/brand-new',
    'no such task': () => '#/t/nobody',
    // Its first attempt: axe would look at each of the 20,000 lines of the second.
    'failed run': () => `#/r/load-orders/${world.scene.failed.run}?attempt=1`,
    'running run': () => `#/r/sync-contacts/${world.scene.running.run}`,
    'queued run': () => `#/r/train-model/${world.scene.queued.run}`,
    'skipped run': () => `#/r/sync-contacts/${world.scene.skipped.run}`,
    'no such run': () => '#/r/load-orders/2020-01-01T00:00:00.000Z',
    'no such view': () => '#/what/is/this',
  }

  it.each(['light', 'dark'] as const)(
    'has no serious finding of axe, in %s colours',
    async (colorScheme) => {
      const page = await world.open('#/', { colorScheme })
      for (const [name, hash] of Object.entries(views)) {
        await show(page, hash())
        await shot(page, `${name}-${colorScheme}`.replaceAll(' ', '-'))
        expect([name, await findings(page)]).toEqual([name, []])
      }
      await page.context().close()
    },
    300_000,
  )

  it('is nowhere wider than a phone, and its targets are large enough there', async () => {
    const page = await world.open('#/', { viewport: NARROW, colorScheme: 'dark' })
    for (const [name, hash] of Object.entries(views)) {
      await show(page, hash())
      await shot(page, `${name}-phone`.replaceAll(' ', '-'))
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect([name, width]).toEqual([name, NARROW.width])
      expect([name, await smallTargets(page)]).toEqual([name, []])
    }
    await page.context().close()
  }, 120_000)

  it('opens each dialog without a serious finding, and gives the focus back', async () => {
    const page = await world.open('#/t/load-orders')
    for (const name of ['Run now', 'Pause', 'Backfill']) {
      await page.getByRole('button', { name, exact: true }).first().click()
      await page.waitForSelector('dialog[open]')
      await shot(page, `dialog-${name}`.replaceAll(' ', '-'))
      expect(await findings(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.waitForSelector('dialog', { state: 'detached' })
      expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe(name)
    }
    await page.context().close()
  })

  it('keeps the reader’s choice of colours and of the zone, whatever the system has', async () => {
    const page = await world.open('#/', { colorScheme: 'light' })
    const theme = () => page.evaluate(() => document.documentElement.dataset['theme'])
    expect(await theme()).toBe('light')
    await page.getByRole('button', { name: 'Dark colours' }).click()
    await page.getByRole('button', { name: 'Europe/Berlin' }).click()
    await page.reload()
    await page.waitForSelector('main h1')
    expect(await theme()).toBe('dark')
    expect(await page.getByRole('button', { name: 'UTC' }).isVisible()).toBe(true)
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await theme()).toBe('dark')
    await page.context().close()
  })

  it('shows times in the zone of the task that is looked at, where that is chosen', async () => {
    const page = await world.open('#/t/nightly-report')
    const zone = (name: string) => page.locator('header').getByRole('button', { name, exact: true })
    await zone('Europe/Berlin').click()
    await zone('UTC').click()
    await zone('Australia/Sydney').waitFor()
    // It is due at half past two there, and so were its runs.
    expect(await page.locator('main time').first().getAttribute('title')).toMatch(/GMT\+1[01]$/)
    await page.goto(`${world.engine.endpoint}/#/t/load-orders`)
    await zone('Europe/Berlin').waitFor()
    await page.context().close()
  })

  it('links what stood in the way of a skipped run, with its time in the reader’s zone', async () => {
    const { running, skipped } = world.scene
    const page = await world.open('#/t/sync-contacts')
    const clock = new Date(running.run).toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin' })
    for (const hash of ['#/t/sync-contacts', `#/r/sync-contacts/${skipped.run}`]) {
      await show(page, hash)
      const link = page.locator('main .runs .why a, main .verdict a').first()
      await link.waitFor()
      expect(await link.textContent()).toContain(clock)
      expect(await link.getAttribute('href')).toBe(`#/r/sync-contacts/${running.run}`)
    }
    await page.context().close()
  })

  it('says what Lambda wrote of a run when it is asked', async () => {
    const { succeeded } = world.scene
    const { requestId, startedAt = '' } = succeeded
    await world.seed.group(`/aws/lambda/${succeeded.function}`, Date.parse(startedAt), [
      `REPORT RequestId: ${requestId}\tDuration: 812.00 ms\tBilled Duration: 812 ms\tMemory Size: 256 MB\tMax Memory Used: 91 MB\t`,
    ])
    const page = await world.open(`#/r/ping-partners/${succeeded.run}`)
    await page.getByText('More', { exact: true }).click()
    await page.getByRole('button', { name: 'What Lambda says of it' }).click()
    await page.getByText('91 of 256 MB used').waitFor()
    await shot(page, 'lambda-report')
    expect(await findings(page)).toEqual([])
    await page.context().close()
  })
})

describe('the list of tasks', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.end())
  const names = (page: Page) => page.locator('tr:not([hidden]) .task-name').allTextContents()

  it('has trouble first, and sorts by any column, as the URL says', async () => {
    const page = await world.open('#/')
    expect((await names(page))[0]).toBe('load-orders')
    await page.getByRole('button', { name: 'Task', exact: true }).click()
    expect((await names(page))[0]).toBe('brand-new')
    expect(page.url()).toMatch(/#\/\?sort=task$/)
    await page.getByRole('button', { name: 'Task', exact: true }).click()
    expect((await names(page))[0]).toBe('train-model')
    await page.reload()
    await page.waitForSelector('.task-name')
    expect((await names(page))[0]).toBe('train-model')
    expect(await page.getByRole('columnheader', { name: 'Task' }).getAttribute('aria-sort')).toBe(
      'descending',
    )
    await page.context().close()
  })

  it('filters by text, state and tag, keeps that in the URL, and says how many are left', async () => {
    const page = await world.open('#/')
    await page.locator('[data-search]').fill('team-a orders')
    expect(await names(page)).toEqual(['load-orders'])
    expect(page.url()).toContain('q=team-a%20orders')
    expect(await page.getByText('1 of 9').isVisible()).toBe(true)
    await page.getByRole('button', { name: 'Clear filters' }).first().click()
    await page.getByRole('button', { name: /^Paused 1/ }).click()
    expect(await names(page)).toEqual(['clean-up'])
    await page.getByRole('button', { name: /^Disabled 1/ }).click()
    expect((await names(page)).sort()).toEqual(['clean-up', 'old-import'])
    expect(page.url()).toMatch(/status=PAUSED,DISABLED$/)
    await page.goto(`${world.engine.endpoint}/#/?tag=team-a`)
    expect((await names(page)).sort()).toEqual(['load-orders', 'old-import'])
    await page.context().close()
  })

  it('keeps what it has when the server is gone, and says how old it is', async () => {
    const page = await world.open('#/')
    await page.route('**/api/**', (route) => route.abort())
    await page.keyboard.press('r')
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toMatch(/not up to date.*does not answer.*Last seen/)
    expect(await names(page)).toHaveLength(9)
    await page.context().close()
  })

  it('says what is wrong where nothing can be shown', async () => {
    const page = await world.open('#/')
    const error = {
      code: 'AccessDeniedException',
      message: 'AccessDeniedException: not authorized to perform: scheduler:ListSchedules',
    }
    await page.route('**/api/tasks', (route) => route.fulfill({ status: 500, json: { error } }))
    await page.reload()
    expect(await page.getByRole('alert').textContent()).toContain('scheduler:ListSchedules')
    await page.context().close()
  })

  it('opens a run of the timeline where it is clicked', async () => {
    const page = await world.open('#/timeline?range=1h')
    const row = page.locator('svg.timeline-row').first()
    await row.waitFor()
    const at = await page.evaluate(() => {
      const path = document.querySelector('svg.timeline-row .fill-FAILED') as SVGGraphicsElement
      const { x, y, width, height } = path.getBoundingClientRect()
      return { x: x + width / 2, y: y + height / 2 }
    })
    await page.mouse.click(at.x, at.y)
    await page.waitForSelector('.run-view')
    expect(page.url()).toContain(`#/r/load-orders/${world.scene.failed.run}`)
    await page.context().close()
  })
})
