/**
 * How large an item is to DynamoDB, in bytes, from its wire form (Developer Guide, "DynamoDB item sizes and formats"): the
 * UTF-8 of names and texts, about a byte for two digits of a number, three bytes for a map or list and one for each member.
 */
export type AttributeValue = {
  S?: string
  N?: string
  BOOL?: boolean
  NULL?: boolean
  B?: string
  SS?: string[]
  M?: Item
  L?: AttributeValue[]
}
export type Item = Record<string, AttributeValue>

const COLLECTION = 3
const MEMBER = 1

export function itemSize(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + bytes(name) + valueSize(value), 0)
}

function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return bytes(value.S)
  if (value.N !== undefined) return numberSize(value.N)
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1
  if (value.SS !== undefined) return value.SS.reduce((sum, text) => sum + bytes(text), 0)
  if (value.L !== undefined)
    return value.L.reduce((sum, member) => sum + MEMBER + valueSize(member), COLLECTION)
  if (value.M !== undefined)
    return Object.entries(value.M).reduce(
      (sum, [name, member]) => sum + MEMBER + bytes(name) + valueSize(member),
      COLLECTION,
    )
  throw new Error(`the bench cannot tell the size of ${JSON.stringify(value)}`)
}

function numberSize(text: string): number {
  const digits = text.replace(/^-|e.*$|\D/gi, '').replace(/^0+|0+$/g, '')
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0)
}

const bytes = (text: string) => Buffer.byteLength(text)
