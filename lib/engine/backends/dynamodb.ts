import { join } from 'node:path'
import { ApiError, type ApiRequest, type ApiResponse, type Service, type ServiceContext } from '../api'
import { StateFile } from '../state-file'
import { Backend } from './backend'

type TimeToLive = { AttributeName: string; Enabled: boolean }

/**
 * DynamoDB by dynalite, which lacks one thing that a deployment sets: a table's time to live. Its settings are kept and
 * told here. Nothing expires: DynamoDB itself only promises to delete "within a few days" (developer guide, TTL).
 */
export async function createDynamoDb(context: ServiceContext): Promise<Service> {
  const backend = await Backend.start(
    'dynalite-worker',
    { path: join(context.dataDir, 'tables') },
    {
      // Nothing in dynalite waits or expires, so it needs no part in a moved clock.
      clock: { now: context.clock.now, at: context.clock.at },
      env: { AWS_REGION: context.region },
      failed: (error) => context.warn(`DynamoDB failed: ${error.message}`),
    },
  )
  const file = new StateFile<Record<string, TimeToLive>>(
    join(context.dataDir, 'time-to-live.json'),
    () => ({}),
  )
  const settings = file.load()

  const json = (body: unknown): ApiResponse => ({
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify(body),
  })
  const describeTable = (request: ApiRequest, TableName: string) => {
    const headers = { ...request.headers, 'x-amz-target': 'DynamoDB_20120810.DescribeTable' }
    return backend.forward({ ...request, headers, body: Buffer.from(JSON.stringify({ TableName })) })
  }

  async function timeToLive(request: ApiRequest, operation: string): Promise<ApiResponse> {
    const input = JSON.parse(request.body.toString()) as {
      TableName: string
      TimeToLiveSpecification?: TimeToLive
    }
    const table = await describeTable(request, input.TableName)
    if (table.status !== 200) return table
    if (operation === 'DescribeTimeToLive') {
      const set = settings[input.TableName]
      return json({
        TimeToLiveDescription: set?.Enabled
          ? { TimeToLiveStatus: 'ENABLED', AttributeName: set.AttributeName }
          : { TimeToLiveStatus: 'DISABLED' },
      })
    }
    const wanted = input.TimeToLiveSpecification
    if (!wanted) throw new ApiError('ValidationException', 'TimeToLiveSpecification is required')
    settings[input.TableName] = wanted
    file.save(settings)
    return json({ TimeToLiveSpecification: wanted })
  }

  return {
    name: 'dynamodb',
    protocol: 'awsJson1_0',
    async handle(request) {
      const operation = request.headers['x-amz-target']?.split('.')[1] ?? ''
      if (operation.endsWith('TimeToLive')) return timeToLive(request, operation)
      const response = await backend.forward(request)
      if (operation === 'DeleteTable' && response.status === 200) {
        delete settings[(JSON.parse(request.body.toString()) as { TableName: string }).TableName]
        file.save(settings)
      }
      return response
    },
    close: () => backend.close(),
  }
}
