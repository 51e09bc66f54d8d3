import { LambdaAlerts } from '../../lib/aws/lambda-alerts'
import { type Engine, startEngine } from '../../lib/engine/server'
import { clientConfig, temporaryFolder } from '../support/engine'

const ENDED = { task: 'load', run: '2026-03-02T10:00:00.000Z' }

describe('telling the alerter', () => {
  const data = temporaryFolder()
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine({ port: 0, dataDir: data.path })
  })
  afterAll(async () => {
    await engine.close()
    data.remove()
  })

  it('holds nobody up where there is none, and says so', async () => {
    const reported: unknown[] = []
    const alerts = new LambdaAlerts(
      'gone',
      (...report) => void reported.push(report),
      clientConfig(engine.endpoint),
    )
    await alerts.tell(ENDED)
    alerts.close()
    expect(reported).toEqual([
      [
        'nobody is told of a run that ended',
        { ...ENDED, why: expect.stringMatching(/^ResourceNotFoundException: Function not found/) },
      ],
    ])
  })

  it('fails where Lambda did not answer, so that it is told again', async () => {
    const alerts = new LambdaAlerts('gone', () => {}, {
      ...clientConfig('http://127.0.0.1:1'),
      maxAttempts: 1,
    })
    await expect(alerts.tell(ENDED)).rejects.toThrow(/ECONNREFUSED/)
    alerts.close()
  })
})
