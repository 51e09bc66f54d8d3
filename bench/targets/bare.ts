/** What a handler that does nothing would have to load: the SDK clients that our handlers construct. */
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

const clients = [
  DynamoDBDocumentClient.from(new DynamoDBClient({})),
  new SQSClient({}),
  // Two, as the dispatcher: for the service's own functions and for others.
  new LambdaClient({}),
  new LambdaClient({}),
  new CloudWatchLogsClient({}),
]

export const handler = async () => clients.length
