const STATEMENT =
  /^SELECT (?<what>\*|[\w", ]+) FROM "(?<table>[^"]+)" WHERE (?<where>.+?)(?: ORDER BY run (?<order>ASC|DESC))?$/
const CONDITION = /^"?(?<name>\w+)"? ?(?<operator>=|<=|>=|<|>) ?(?:'(?<text>[^']*)'|(?<number>\d+))$/
/** Keys of the runs table: what is asked of them alone is a query, what is asked of others filters its answer. */
const KEYS = ['task', 'run']

/**
 * The DynamoDB query that a PartiQL statement of our pages stands for: comparisons of attributes with values, joined by
 * AND, with the partition key among them.
 *
 * @throws where it is another statement, or one that would read the whole table
 */
export function queryOf(statement: string): Record<string, unknown> {
  const { table, where = '', order } = STATEMENT.exec(statement)?.groups ?? {}
  if (table === undefined) throw new Error(`not a statement that is understood: ${statement}`)
  const conditions = where.split(' AND ').map((text) => {
    const groups = CONDITION.exec(text.trim())?.groups
    if (!groups) throw new Error(`not a comparison that is understood: ${text}`)
    return groups
  })
  if (!conditions.some(({ name, operator }) => name === 'task' && operator === '='))
    throw new Error(`it would read the whole table: ${statement}`)
  const join = (isKey: boolean) =>
    conditions
      .flatMap(({ name = '', operator }, index) =>
        KEYS.includes(name) === isKey ? [`#${index} ${operator} :${index}`] : [],
      )
      .join(' AND ')
  const filter = join(false)
  return {
    TableName: table,
    KeyConditionExpression: join(true),
    ...(filter === '' ? {} : { FilterExpression: filter }),
    ScanIndexForward: order !== 'DESC',
    ExpressionAttributeNames: Object.fromEntries(conditions.map(({ name }, index) => [`#${index}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      conditions.map(({ text, number }, index) => [
        `:${index}`,
        text === undefined ? { N: number } : { S: text },
      ]),
    ),
  }
}
