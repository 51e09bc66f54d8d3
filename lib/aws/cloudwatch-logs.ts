import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  GetLogEventsCommand,
  type GetLogEventsCommandOutput,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs'
import type { LogLine, Stream } from '../core/protocol/effect'
import type { Logs } from '../ports/ports'

export class CloudWatchLogs implements Logs {
  constructor(
    private readonly client: CloudWatchLogsClient,
    private readonly now: () => number,
  ) {}

  async createStream({ logGroup, logStream }: Stream): Promise<'created' | 'exists' | 'no-group'> {
    try {
      await this.client.send(new CreateLogStreamCommand({ logGroupName: logGroup, logStreamName: logStream }))
      return 'created'
    } catch (error) {
      if (error instanceof ResourceAlreadyExistsException) return 'exists'
      if (error instanceof ResourceNotFoundException) return 'no-group'
      throw error
    }
  }

  async putLine({ logGroup, logStream }: Stream, line: string): Promise<void> {
    await this.client.send(
      new PutLogEventsCommand({
        logGroupName: logGroup,
        logStreamName: logStream,
        logEvents: [{ timestamp: this.now(), message: line }],
      }),
    )
  }

  async readStream(stream: Stream, from: 'head' | 'tail', limit: number): Promise<LogLine[]> {
    const lines: LogLine[] = []
    let token: string | undefined
    try {
      // A page may be empty before the end; the end is where the same token comes back (API reference, GetLogEvents).
      for (;;) {
        const page = await this.page(stream, from, limit - lines.length, token)
        const events = (page.events ?? []).map(({ timestamp = 0, message = '' }) => ({ timestamp, message }))
        if (from === 'head') lines.push(...events)
        else lines.unshift(...events)
        const next = from === 'head' ? page.nextForwardToken : page.nextBackwardToken
        if (lines.length >= limit || next === undefined || next === token) return lines
        token = next
      }
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return []
      throw error
    }
  }

  private page(
    { logGroup, logStream }: Stream,
    from: 'head' | 'tail',
    limit: number,
    token: string | undefined,
  ): Promise<GetLogEventsCommandOutput> {
    return this.client.send(
      new GetLogEventsCommand({
        logGroupName: logGroup,
        logStreamName: logStream,
        startFromHead: from === 'head',
        limit,
        ...(token === undefined ? {} : { nextToken: token }),
      }),
    )
  }
}
