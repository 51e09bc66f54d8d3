import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import type { Alert } from '../core/alerts/alert'
import { isLoopback } from '../core/alerts/local'
import { detailOf, EVENT_SOURCE, EVENT_TYPE, slackOf, subjectOf, textOf } from '../core/alerts/message'
import { ENVIRONMENT } from '../core/names'

/** Milliseconds. */
const ANSWER_WITHIN = 8000

export type Failure = { channel: string; why: string }

/** Topics, webhooks and the event bus, with their addresses from the environment. */
export class AlertChannels {
  private events: EventBridgeClient | undefined
  private readonly topics = new Map<string, SNSClient>()

  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  /** Answers what did not take it. What it says never names a webhook's address, which is a secret. */
  async send(alert: Alert, channels: readonly string[]): Promise<Failure[]> {
    const results = await Promise.all(
      channels.map(async (channel) => {
        try {
          await this.sendTo(channel, alert)
          return []
        } catch (error) {
          return { channel, why: reasonOf(error) }
        }
      }),
    )
    return results.flat()
  }

  private async sendTo(channel: string, alert: Alert): Promise<void> {
    if (channel === 'events') return this.toEventBus(alert)
    const address = this.environment[`${ENVIRONMENT.channel}${channel.replace(':', '_')}`]
    if (!address) throw new Unreachable('no longer deployed')
    return channel.startsWith('topic:') ? this.toTopic(address, alert) : this.toWebhook(address, alert)
  }

  private async toTopic(arn: string, alert: Alert): Promise<void> {
    // A topic may be in another region than the service.
    const region = arn.split(':')[3] ?? ''
    const client = this.topics.get(region) ?? new SNSClient({ region })
    this.topics.set(region, client)
    await client.send(
      new PublishCommand({
        TopicArn: arn,
        Subject: subjectOf(alert),
        Message: textOf(alert),
        // For the filter policies of subscriptions.
        MessageAttributes: { kind: attribute(alert.kind), task: attribute(alert.task) },
      }),
    )
  }

  private async toEventBus(alert: Alert): Promise<void> {
    this.events ??= new EventBridgeClient({})
    const { FailedEntryCount, Entries } = await this.events.send(
      new PutEventsCommand({
        Entries: [{ Source: EVENT_SOURCE, DetailType: EVENT_TYPE, Detail: JSON.stringify(detailOf(alert)) }],
      }),
    )
    if (FailedEntryCount) throw new Unreachable(Entries?.[0]?.ErrorCode ?? 'refused')
  }

  private async toWebhook(url: string, alert: Alert): Promise<void> {
    // On a developer's machine nothing is posted to where people are told of the real service; `sls tasks dev` shows it.
    if (isLocal(this.environment) && !isLoopback(url)) return
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(slackOf(alert)),
      signal: AbortSignal.timeout(ANSWER_WITHIN),
      redirect: 'error',
    })
    await response.body?.cancel()
    if (!response.ok) throw new Unreachable(`it answered ${response.status}`)
  }
}

const attribute = (StringValue: string) => ({ DataType: 'String', StringValue })

const isLocal = ({ AWS_ENDPOINT_URL = '' }: NodeJS.ProcessEnv) => isLoopback(AWS_ENDPOINT_URL)

/** Its message is ours, and names no address. */
class Unreachable extends Error {}

function reasonOf(error: unknown): string {
  if (error instanceof Unreachable) return error.message
  const { name, $metadata } = error as Error & { $metadata?: object }
  return $metadata ? `${name}: ${(error as Error).message}` : name
}
