import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { ServiceNames } from '../core/names'
import type { Condition, Item, Key, Path, Table, Write, WriteResult } from '../core/protocol/effect'
import type { Store } from '../ports/ports'

/** Lock items and run records in DynamoDB. */
export class DynamoDbStore implements Store {
  private readonly client: DynamoDBDocumentClient
  private readonly names: Record<Table, string>

  constructor(client: DynamoDBClient, { runsTable, locksTable }: ServiceNames) {
    this.client = DynamoDBDocumentClient.from(client, {
      marshallOptions: {
        removeUndefinedValues: true,
        // Else a map with a key "constructor", as a payload may have one, is taken for an instance of a class.
        convertClassInstanceToMap: true,
      },
    })
    this.names = { runs: runsTable, locks: locksTable }
  }

  async read(table: Table, key: Key): Promise<Item | undefined> {
    const { Item: item } = await this.client.send(
      new GetCommand({ TableName: this.names[table], Key: key, ConsistentRead: true }),
    )
    return item
  }

  async write(write: Write): Promise<WriteResult> {
    const expressions = new Expressions()
    const UpdateExpression = expressions.update(write)
    const ConditionExpression = expressions.condition(write.when)
    try {
      const { Attributes } = await this.client.send(
        new UpdateCommand({
          TableName: this.names[write.table],
          Key: write.key,
          UpdateExpression,
          ConditionExpression,
          ExpressionAttributeNames: expressions.names,
          ExpressionAttributeValues: expressions.values,
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      )
      return { done: true, item: Attributes as Item }
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
      return { done: false, item: error.Item && unmarshall(error.Item) }
    }
  }
}

/** Collects the placeholders that DynamoDB's expressions need; the same name or value is written once. */
class Expressions {
  readonly names: Record<string, string> = {}
  private readonly collected: Record<string, unknown> = {}

  /** Undefined where there are none: DynamoDB refuses an empty map. */
  get values(): Record<string, unknown> | undefined {
    return Object.keys(this.collected).length > 0 ? this.collected : undefined
  }

  update({ set = [], remove = [], sum, increment, addMember }: Write): string {
    const sets = set.map(([path, value]) => `${this.path(path)} = ${this.value(value)}`)
    if (sum) sets.push(`${this.path(sum[0])} = ${this.path(sum[1])} + ${this.value(sum[2])}`)
    const adds: string[] = []
    if (increment) adds.push(`${this.path(increment)} ${this.value(1)}`)
    if (addMember) adds.push(`${this.path(addMember[0])} ${this.value(new Set([addMember[1]]))}`)
    return [
      sets.length > 0 && `SET ${sets.join(', ')}`,
      remove.length > 0 && `REMOVE ${remove.map((path) => this.path(path)).join(', ')}`,
      adds.length > 0 && `ADD ${adds.join(', ')}`,
    ]
      .filter(Boolean)
      .join(' ')
  }

  condition(condition: Condition): string {
    switch (condition.op) {
      case 'absent':
        return `attribute_not_exists(${this.path(condition.path)})`
      case 'present':
        return `attribute_exists(${this.path(condition.path)})`
      case 'eq':
        return `${this.path(condition.path)} = ${this.value(condition.value)}`
      case 'lt':
        return `${this.path(condition.path)} < ${this.value(condition.value)}`
      case 'sizeBelow':
        return `size(${this.path(condition.path)}) < ${this.value(condition.limit)}`
      case 'and':
        return condition.of.map((one) => this.conjunct(one)).join(' AND ')
      case 'or':
        return condition.of.map((one) => this.condition(one)).join(' OR ')
    }
  }

  /** AND binds closer than OR (developer guide, Expressions.OperatorsAndFunctions), and dynalite reads parentheses slowly. */
  private conjunct(condition: Condition): string {
    const text = this.condition(condition)
    return condition.op === 'or' ? `(${text})` : text
  }

  private path(path: Path): string {
    return path
      .map((part, index) =>
        typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${this.name(part)}`,
      )
      .join('')
  }

  private name(name: string): string {
    const known = Object.entries(this.names).find(([, other]) => other === name)
    if (known) return known[0]
    const placeholder = `#n${Object.keys(this.names).length}`
    this.names[placeholder] = name
    return placeholder
  }

  private value(value: unknown): string {
    const placeholder = `:v${Object.keys(this.collected).length}`
    this.collected[placeholder] = value
    return placeholder
  }
}
