import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { type Served, servedPage } from '../../page/support'
import { type Scene, setScene } from '../../support/scene'

const WIDE = { width: 1280, height: 800 }
export const NARROW = { width: 390, height: 844 }

/** For one thing to happen on the page (milliseconds): short of a test's limit, so that it says what did not. */
const PATIENCE = 15_000

export type World = Served & {
  scene: Scene
  /** A tab of its own, at a hash of the page. Anything the page throws or is refused by its policy fails the test. */
  open(hash: string, options?: BrowserContextOptions): Promise<Page>
  /** What pages threw; a test ends with none. */
  errors: string[]
  end(): Promise<void>
}

/** A seeded service, and the machine's own Chromium. */
export async function startWorld(more: (page: Served) => Promise<void> = async () => {}): Promise<World> {
  const served = await servedPage('shop')
  const scene = await setScene(served.seed)
  await more(served)
  const browser: Browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    // Containers run as root, for whom Chromium has no sandbox.
    args: ['--no-sandbox'],
  })
  const errors: string[] = []
  return {
    ...served,
    scene,
    errors,
    async open(hash, options = {}) {
      const context = await browser.newContext({ viewport: WIDE, timezoneId: 'Europe/Berlin', ...options })
      const page = await context.newPage()
      page.setDefaultTimeout(PATIENCE)
      page.on('pageerror', (error) => errors.push(String(error.stack)))
      page.on('console', (message) => {
        if (/Content Security Policy/i.test(message.text())) errors.push(message.text())
      })
      await page.goto(`${served.engine.endpoint}/${hash}`)
      await page.waitForSelector('main h1')
      return page
    },
    async end() {
      await browser.close()
      await served.close()
    },
  }
}

/** For whoever looks at them: SCREENSHOTS names a folder. */
export async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS']
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}
