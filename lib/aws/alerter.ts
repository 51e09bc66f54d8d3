import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetScheduleCommand, ResourceNotFoundException, SchedulerClient } from '@aws-sdk/client-scheduler'
import { DynamoDBDocumentClient, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { AlertEffect, AlertStep, Deployed, RunEnd } from '../core/alerts/effect'
import { TickMessage } from '../core/message'
import { namesOf, type ServiceNames } from '../core/names'
import { performOne } from '../ports/perform'
import type { Ports } from '../ports/ports'
import type { AlertChannels, Failure } from './alert-channels'
import type { ConnectionConfig } from './clients'

/** Carries out what the alerter decides. */
export class AlerterWorld {
  private readonly names: ServiceNames
  private readonly scheduler: SchedulerClient
  private readonly dynamoDb: DynamoDBDocumentClient

  constructor(
    private readonly ports: Ports,
    prefix: string,
    private readonly channels: AlertChannels,
    private readonly failed: (failure: Failure, about: object) => void,
    config: ConnectionConfig = {},
  ) {
    this.scheduler = new SchedulerClient(config)
    this.dynamoDb = DynamoDBDocumentClient.from(new DynamoDBClient(config))
    this.names = namesOf(prefix)
  }

  close(): void {
    this.scheduler.destroy()
    this.dynamoDb.destroy()
  }

  async perform<T>(step: AlertStep<T>): Promise<T> {
    let next = step.next()
    while (!next.done) next = step.next(await this.performOne(next.value))
    return next.value
  }

  private async performOne(effect: AlertEffect): Promise<unknown> {
    switch (effect.do) {
      case 'notify': {
        const { task, kind, tick } = effect.alert
        const failures = await this.channels.send(effect.alert, effect.channels)
        for (const failure of failures) this.failed(failure, { task, kind, tick })
        return failures.map(({ channel }) => channel)
      }
      case 'readSchedule':
        return this.readSchedule(effect.task)
      case 'readRunKeys':
        return this.readRunKeys(effect)
      case 'readEnds':
        return this.readEnds(effect)
      default:
        return performOne(effect, this.ports)
    }
  }

  private async readSchedule(task: string): Promise<Deployed | undefined> {
    try {
      const found = await this.scheduler.send(
        new GetScheduleCommand({ GroupName: this.names.scheduleGroup, Name: task }),
      )
      const changed = found.LastModificationDate ?? found.CreationDate
      return {
        enabled: found.State !== 'DISABLED',
        changedAt: changed?.getTime() ?? 0,
        definition: definitionIn(found.Target?.Input),
      }
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined
      throw error
    }
  }

  private async readEnds({ task, before }: { task: string; before: string }): Promise<RunEnd[]> {
    const { Items = [] } = await this.dynamoDb.send(
      new QueryCommand({
        TableName: this.names.runsTable,
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: 10,
        KeyConditionExpression: '#task = :task AND #run < :before',
        ProjectionExpression: '#status, finishedAt',
        ExpressionAttributeNames: { '#task': 'task', '#run': 'run', '#status': 'status' },
        ExpressionAttributeValues: { ':task': task, ':before': before },
      }),
    )
    return Items as RunEnd[]
  }

  private async readRunKeys({
    task,
    from,
    to,
  }: {
    task: string
    from: string
    to: string
  }): Promise<string[]> {
    const keys: string[] = []
    const input = {
      TableName: this.names.runsTable,
      ConsistentRead: true,
      KeyConditionExpression: '#task = :task AND #run BETWEEN :from AND :to',
      ProjectionExpression: '#run',
      ExpressionAttributeNames: { '#task': 'task', '#run': 'run' },
      ExpressionAttributeValues: { ':task': task, ':from': from, ':to': to },
    }
    for await (const { Items = [] } of paginateQuery({ client: this.dynamoDb }, input))
      keys.push(...Items.map(({ run }) => String(run)))
    return keys
  }
}

function definitionIn(input: string | undefined) {
  try {
    return TickMessage.safeParse(JSON.parse(input ?? '')).data?.definition
  } catch {
    return undefined
  }
}
