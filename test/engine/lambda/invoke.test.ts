import { CreateFunctionCommand } from '@aws-sdk/client-lambda'
import { call, node, startWorld, until, type World, zip } from './support'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

async function create(name: string, source: string, more: object = {}) {
  await world.lambda.send(
    new CreateFunctionCommand({ ...node(name), Code: { ZipFile: zip({ 'index.js': source }) }, ...more }),
  )
}

test('invokes a function and gives back what it returned', async () => {
  await create('echo', 'exports.handler = async (event) => ({ got: event })')
  expect(await call(world.lambda, 'echo', { a: 1 })).toMatchObject({
    StatusCode: 200,
    ExecutedVersion: '$LATEST',
    payload: { got: { a: 1 } },
  })
})

test('answers 202 for an event at once and runs it then', async () => {
  await create('event', 'exports.handler = async (event) => { console.log("ran", event.a) }')
  const answer = await call(world.lambda, 'event', { a: 7 }, { InvocationType: 'Event' })
  expect(answer).toMatchObject({ StatusCode: 202, payload: undefined })
  await until(() => world.logs.of('/aws/lambda/event').some((line) => line.endsWith('\tINFO\tran 7')))
})
