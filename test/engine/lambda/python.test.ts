import { hasPython } from '../../support/python'
import { call, createFunction, startWorld, type World } from './support'

const withPython = hasPython() ? describe : describe.skip
withPython('a Python function', () => {
  const python = { Runtime: 'python3.12', Handler: 'app.handler' } as const
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.close())

  const create = (name: string, source: string) =>
    createFunction(world.lambda, name, { 'app.py': source }, python)
  const invoke = (name: string, event?: unknown) => call(world.lambda, name, event)

  test('runs with its context, print and logging', async () => {
    await create(
      'py',
      'import logging\ndef handler(event, context):\n    print("hello")\n    logging.getLogger().warning("careful")\n    return {"got": event, "id": context.aws_request_id, "left": context.get_remaining_time_in_millis()}\n',
    )
    const { payload } = await invoke('py', { a: 'ü' })
    expect(payload).toMatchObject({ got: { a: 'ü' }, id: expect.any(String), left: expect.any(Number) })
    expect(world.logs.of('/aws/lambda/py')).toEqual([
      expect.stringContaining('START'),
      'hello',
      expect.stringMatching(/^\[WARNING\]\t\S+Z\t\S{36}\tcareful$/),
      expect.stringContaining('END'),
      expect.stringMatching(/Max Memory Used: [1-9]/),
    ])
  })

  test('fails as on Lambda', async () => {
    await create('py-fails', 'def handler(event, context):\n    return 1 / event["by"]\n')
    expect(await invoke('py-fails', { by: 0 })).toMatchObject({
      FunctionError: 'Unhandled',
      payload: {
        errorType: 'ZeroDivisionError',
        errorMessage: 'division by zero',
        requestId: expect.any(String),
        stackTrace: [expect.stringContaining('app.py')],
      },
    })
  })

  test('that lacks boto3 is explained', async () => {
    await create(
      'py-boto',
      'def handler(event, context):\n    raise ModuleNotFoundError("No module named \'boto3\'")\n',
    )
    await invoke('py-boto')
    expect(world.warnings).toContainEqual(expect.stringContaining('pip install boto3'))
  })
})
