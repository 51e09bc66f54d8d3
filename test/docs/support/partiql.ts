const STATEMENT =
  /^SELECT (?<what>\*|[\w", ]+) FROM "(?<table>[^"]+)" WHERE (?<where>.+?)(?: ORDER BY run (?<order>ASC|DESC))?$/
const CONDITION = /^(?<name>"\w+"|\w+) ?(?<operator>=|<=|>=|<|>) ?(?:'(?<text>[^']*)'|(?<number>\d+))$/
/** Keys of the runs table: what is asked of them alone is a query, what is asked of others filters its answer. */
const KEYS = ['task', 'run']

/**
 * The DynamoDB query that a PartiQL statement of our pages stands for: comparisons of attributes with values, joined by
 * AND, with the partition key among them. Names without quotes stay so, for DynamoDB refuses its reserved words in both.
 *
 * @throws where it is another statement, or one that would read the whole table
 */
export function queryOf(statement: string): Record<string, unknown> {
  const { what = '*', table, where = '', order } = STATEMENT.exec(statement)?.groups ?? {}
  if (table === undefined) throw new Error(`not a statement that is understood: ${statement}`)
  const conditions = where.split(' AND ').map((text) => {
    const { name = '', operator, text: value, number } = CONDITION.exec(text.trim())?.groups ?? {}
    if (operator === undefined) throw new Error(`not a comparison that is understood: ${text}`)
    return { name, operator, value, number }
  })
  if (!conditions.some(({ name, operator }) => name === 'task' && operator === '='))
    throw new Error(`it would read the whole table: ${statement}`)
  const names: Record<string, string> = {}
  const nameOf = (name: string) => {
    if (!name.startsWith('"')) return name
    const plain = name.slice(1, -1)
    names[`#${plain}`] = plain
    return `#${plain}`
  }
  const join = (isKey: boolean) =>
    conditions
      .flatMap(({ name, operator }, index) =>
        KEYS.includes(name) === isKey ? [`${nameOf(name)} ${operator} :${index}`] : [],
      )
      .join(' AND ')
  const key = join(true)
  const filter = join(false)
  const projection = what === '*' ? undefined : what.split(/, */).map(nameOf).join(', ')
  return {
    TableName: table,
    KeyConditionExpression: key,
    ...(filter === '' ? {} : { FilterExpression: filter }),
    ...(projection === undefined ? {} : { ProjectionExpression: projection }),
    ScanIndexForward: order !== 'DESC',
    ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
    ExpressionAttributeValues: Object.fromEntries(
      conditions.map(({ value, number }, index) => [
        `:${index}`,
        value === undefined ? { N: number } : { S: value },
      ]),
    ),
  }
}
