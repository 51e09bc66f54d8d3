import type { Call } from '../../lib/engine/door/door'
import { READ_UNIT } from '../prices'
import { type Item, itemSize } from './item-size'

/**
 * Read units of a query: of all that it looked at together (Developer Guide, capacity units). Without a filter that is
 * what it gives.
 */
export function queryUnits({ service, request, response }: Call): number {
  if (service !== 'dynamodb' || !request.headers['x-amz-target']?.endsWith('.Query')) return 0
  const { FilterExpression, ConsistentRead } = JSON.parse(request.body.toString())
  if (FilterExpression !== undefined) throw new Error('the bench cannot count what a filter left out')
  const { Items } = JSON.parse(String(response.body)) as { Items: Item[] }
  const bytes = Items.reduce((sum, item) => sum + itemSize(item), 0)
  const units = Math.max(1, Math.ceil(bytes / READ_UNIT))
  return ConsistentRead === true ? units : units / 2
}
