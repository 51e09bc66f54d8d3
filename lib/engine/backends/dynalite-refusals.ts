/**
 * What dynalite lacks of conditional writes: `ReturnValuesOnConditionCheckFailure`, by which the item comes along with the
 * refusal, as it was when it refused (DynamoDB API reference, UpdateItem, PutItem, DeleteItem).
 */

type Item = Record<string, unknown>
type Refusal = { body: { __type: string; Item?: Item } } | null | undefined
type Types = Record<string, unknown>
/** What of dynalite's modules we touch; the exact version in package.json is what makes reaching for them safe. */
type Db = {
  checkConditional(data: { ReturnValuesOnConditionCheckFailure?: string }, existing?: Item): Refusal
}

/** To be called before the first request. */
export function returnRefusedItems(): void {
  for (const operation of ['updateItem', 'putItem', 'deleteItem']) {
    const { types } = require(`dynalite/validations/${operation}`) as { types: Types }
    types['ReturnValuesOnConditionCheckFailure'] = { type: 'String', enum: ['ALL_OLD', 'NONE'] }
  }
  const db = require('dynalite/db') as Db
  const check = db.checkConditional
  db.checkConditional = (data, existing) => {
    const refusal = check(data, existing)
    if (refusal && existing && data.ReturnValuesOnConditionCheckFailure === 'ALL_OLD')
      refusal.body.Item = existing
    return refusal
  }
}
