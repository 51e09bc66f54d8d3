import { randomUUID } from 'node:crypto'
import type { ApiRequest, ApiResponse, Service, ServiceContext } from '../api'
import { Backend } from './backend'

/** A service that is told when the caller had gone before its answer was there. */
export interface Undelivered {
  undelivered(request: ApiRequest, response: ApiResponse): Promise<void>
}

/** SQS, S3, SNS and STS, by fauxqs in one worker. `context.dataDir` is the folder of all four. */
export async function createFauxqs(context: ServiceContext): Promise<Service[]> {
  const { dataDir, endpoint, region } = context
  const backend = await Backend.start(
    'fauxqs-worker',
    { dataDir, endpoint, region },
    { clock: context.clock, failed: (error) => context.warn(`SQS and S3 failed: ${error.message}`) },
  )
  const host = new URL(endpoint).host
  const forward = (request: ApiRequest) => backend.forward(request, { host })
  const nothing = async () => {}

  const sqs: Service & Undelivered = {
    name: 'sqs',
    protocol: 'awsJson1_0',
    handle: (request) => forward({ ...request, path: '/' }),
    close: () => backend.close(),

    // A poller that went away (a function's new deployment, a client that was stopped) would else keep what it was
    // about to get for the whole visibility timeout.
    async undelivered(request, response) {
      if (request.headers['x-amz-target'] !== 'AmazonSQS.ReceiveMessage' || response.status !== 200) return
      const { QueueUrl } = JSON.parse(request.body.toString()) as { QueueUrl: string }
      const { Messages = [] } = JSON.parse(String(response.body)) as {
        Messages?: { ReceiptHandle: string }[]
      }
      const headers = { ...request.headers, 'x-amz-target': 'AmazonSQS.ChangeMessageVisibility' }
      for (const { ReceiptHandle } of Messages) {
        const body = Buffer.from(JSON.stringify({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }))
        await forward({ ...request, headers, body })
      }
    },
  }
  const other = (name: string): Service => ({ name, protocol: 'awsQuery', handle: forward, close: nothing })
  const sns: Service = {
    ...other('sns'),
    async handle(request) {
      const response = await forward(request)
      return response.status === 404 && isPublish(request) ? published() : response
    },
  }
  return [sqs, other('s3'), sns, other('sts')]
}

const isPublish = ({ body }: ApiRequest) => new URLSearchParams(body.toString()).get('Action') === 'Publish'

/**
 * A topic that is not here, as one of a real account's or one that was before the engine was started again, takes what is
 * published and delivers it to nobody: who publishes to a topic does not depend on who listens.
 */
function published(): ApiResponse {
  const result = `<PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult>`
  const metadata = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${result}${metadata}</PublishResponse>`,
  }
}
