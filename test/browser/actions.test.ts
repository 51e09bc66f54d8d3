import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { GetCommand } from '@aws-sdk/lib-dynamodb'
import type { Page } from 'playwright-core'
import type { Message } from '../../lib/core/message'
import { ACCOUNT } from '../../lib/engine/api'
import { shot, startWorld, type World } from './support/world'

describe('what can be done on the page', () => {
  let world: World
  let page: Page
  beforeAll(async () => {
    world = await startWorld()
    page = await world.open('#/')
  })
  afterAll(() => world.end())
  afterEach(() => expect(world.errors.splice(0)).toEqual([]))

  const go = async (hash: string) => {
    await page.goto('about:blank')
    await page.goto(`${world.engine.endpoint}/${hash}`)
    await page.waitForSelector('main h1')
  }
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const submit = async (name: string | RegExp) => {
    await page.locator('dialog').getByRole('button', { name, exact: true }).click()
    await page.waitForSelector('dialog', { state: 'detached' })
  }
  const told = () => page.locator('.note').last().textContent()
  const sent = async (): Promise<Message | undefined> => {
    const QueueUrl = `${world.engine.endpoint}/${ACCOUNT}/${world.seed.names.queue}`
    const { Messages = [] } = await world.seed.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 600 }),
    )
    return Messages[0]?.Body === undefined ? undefined : (JSON.parse(Messages[0].Body) as Message)
  }
  const lock = async (task: string) => {
    const { locksTable: TableName } = world.seed.names
    return (await world.seed.dynamoDb.send(new GetCommand({ TableName, Key: { task } }))).Item
  }

  it('runs a task now, with a payload of its own, and goes to the run', async () => {
    await go('#/t/load-orders')
    await press('Run now')
    const payload = page.getByLabel('Payload (JSON)')
    expect(JSON.parse(await payload.inputValue())).toEqual({ source: 'shop', max: 6000 })
    await payload.fill('{"max": ')
    await page.locator('dialog').getByRole('button', { name: 'Run now' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('no JSON')
    await payload.fill('{"max": 5}')
    await submit('Run now')
    const message = await sent()
    expect(message).toMatchObject({
      kind: 'run',
      task: 'load-orders',
      trigger: 'manual',
      payload: { max: 5 },
    })
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Asked for')
    expect(decodeURIComponent(page.url())).toContain(`#/r/load-orders/${(message as { run: string }).run}`)
  })

  it('runs a run again for its tick', async () => {
    const { run } = world.scene.failed
    await go(`#/r/load-orders/${run}?attempt=1`)
    await press('Run again')
    await shot(page, 'dialog-rerun')
    await submit('Run again')
    expect(await sent()).toMatchObject({ kind: 'run', trigger: 'rerun', rerunOf: run, scheduledAt: run })
    await page.getByText(/^load-orders runs again for the tick .* GMT\+[12]\.$/).waitFor()
  })

  it('cancels what waits', async () => {
    const { run } = world.scene.queued
    await go(`#/r/train-model/${run}`)
    await press('Cancel')
    await submit('Cancel the run')
    await page.locator('h1').getByText('Cancelled').waitFor()
  })

  it('pauses with a reason and an end, shows that everywhere, and resumes', async () => {
    await go('#/t/ping-partners')
    await press('Pause')
    await page.getByLabel('Why, for everybody who looks').fill('partner C moves house')
    await page.getByLabel('Until').selectOption('monday')
    await submit('Pause')
    expect(await told()).toContain('ping-partners is paused until')
    expect(await lock('ping-partners')).toMatchObject({
      paused: { reason: 'partner C moves house', until: expect.any(Number) },
    })
    await page.getByText('Paused: partner C moves house.').waitFor()
    await go('#/')
    await page
      .getByRole('row', { name: /ping-partners/ })
      .locator('.col-status')
      .getByText(/Paused, ends in/)
      .waitFor()
    await go('#/t/ping-partners')
    await press('Resume')
    await submit('Resume')
    expect(await lock('ping-partners')).not.toHaveProperty('paused')
  })

  it('pauses all tasks that are shown, and no other', async () => {
    await go('#/?tag=team-a')
    await press('Pause 2')
    await submit('Pause 2 tasks')
    expect(await lock('load-orders')).toHaveProperty('paused')
    expect(await lock('old-import')).toHaveProperty('paused')
    expect(await lock('export-invoices')).toBeUndefined()
    await press('Resume 2')
    await submit('Resume 2 tasks')
    expect(await lock('load-orders')).not.toHaveProperty('paused')
  })

  it('says which ticks a backfill would fill in, and fills them in', async () => {
    await go('#/t/nightly-report')
    await press('Backfill')
    await page.getByLabel('First day (Australia/Sydney)').fill('2026-10-03')
    await page.getByLabel('Last day').fill('2026-10-05')
    // On the 4th the clocks skip the hour of its tick.
    await page.getByText('2 ticks, from').waitFor()
    await shot(page, 'dialog-backfill')
    await submit('Fill in 2 ticks')
    expect(await sent()).toMatchObject({
      kind: 'backfill',
      task: 'nightly-report',
      from: '2026-10-02T14:00:00.000Z',
    })
  })

  it('tells why something was refused, and stays where it was', async () => {
    await go('#/t/clean-up')
    await press('Run now')
    await page.locator('dialog').getByRole('button', { name: 'Run now' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('paused until')
    expect(await sent()).toBeUndefined()
  })
})
