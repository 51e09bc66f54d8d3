import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvokeCommand } from '@aws-sdk/client-lambda'
import { ACCOUNT } from '../../lib/engine/api'
import type { Deployed } from './deployed'
import { SERVICE } from './names'
import { until } from './until'

const NAME = `${SERVICE}-floor`
const GROUP = `/${NAME}`

/** The functions of `targets/floor.js` and what they call, for a `serverless.yml`. */
export function floorConfig(): { functions: object; resources: object } {
  const environment = {
    FLOOR_TABLE: NAME,
    FLOOR_QUEUE: { Ref: 'FloorQueue' },
    FLOOR_TARGET: `${SERVICE}-dev-floorTarget`,
    FLOOR_LOG_GROUP: GROUP,
  }
  // As our own handlers.
  const logs = { logFormat: 'JSON', applicationLogLevel: 'WARN', systemLogLevel: 'WARN' }
  const queueArn = { 'Fn::GetAtt': ['FloorQueue', 'Arn'] }
  return {
    functions: {
      floorTimes: { handler: 'floor.times', environment },
      floorLog: { handler: 'floor.times', environment },
      floorTarget: { handler: 'floor.target', environment },
      floorQueue: {
        handler: 'floor.queue',
        environment,
        logs,
        events: [{ sqs: { arn: queueArn, batchSize: 10 } }],
      },
      floorSubscriber: {
        handler: 'floor.subscriber',
        environment,
        logs,
        events: [{ cloudwatchLog: { logGroup: GROUP, filter: '"end"' } }],
      },
    },
    resources: {
      Resources: {
        FloorQueue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: NAME, VisibilityTimeout: 360 } },
        FloorTable: {
          Type: 'AWS::DynamoDB::Table',
          Properties: {
            TableName: NAME,
            BillingMode: 'PAY_PER_REQUEST',
            AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
            KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          },
        },
        FloorLogs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: GROUP } },
      },
    },
  }
}

export type FloorMessage = {
  calls: string[]
  target?: string[]
  subscriber?: string[]
  id?: string
  stream?: string
  /** Files for the time at which it was received, and of its end. */
  stamp?: string
  ended?: string
  next?: FloorMessage | undefined
}

export const floorQueueUrl = ({ engine }: Deployed) => `${engine.endpoint}/${ACCOUNT}/${NAME}`

/**
 * Milliseconds that each of the calls took, made by a warm function. What a target calls is made by one of its own,
 * `floorLog`, which like a target's has done nothing since the last time.
 */
export async function callTimes(
  { session }: Deployed,
  calls: string[],
  by: 'floorTimes' | 'floorLog' = 'floorTimes',
): Promise<number[]> {
  const message = { calls, id: 'floor', stream: randomUUID(), target: [] }
  const { Payload, FunctionError } = await session.clients.lambda.send(
    new InvokeCommand({
      FunctionName: `${SERVICE}-dev-${by}`,
      Payload: Buffer.from(JSON.stringify(message)),
    }),
  )
  const answer = Buffer.from(Payload ?? []).toString()
  if (FunctionError) throw new Error(`the floor cannot be measured: ${answer}`)
  return JSON.parse(answer) as number[]
}

export const now = () => performance.timeOrigin + performance.now()

/** A file in which functions leave the time, epoch ms with fractions, at which they did something. */
export class Stamps {
  readonly path = join(tmpdir(), `slipstream-bench-${randomUUID()}`)

  constructor() {
    writeFileSync(this.path, '')
  }

  read(): number[] {
    return readFileSync(this.path, 'utf8').split('\n').filter(Boolean).map(Number)
  }

  /** The next one, from which on the file is empty again. */
  async next(what: string): Promise<number> {
    const stamp = await until(() => this.read()[0], what)
    writeFileSync(this.path, '')
    return stamp
  }

  remove(): void {
    rmSync(this.path, { force: true })
  }
}
