import { randomBytes, randomUUID } from 'node:crypto'
import { ACCOUNT } from '../api'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const RANDOM_LENGTH = 12

export function stackId(region: string, name: string): string {
  return `arn:aws:cloudformation:${region}:${ACCOUNT}:stack/${name}/${randomUUID()}`
}

export function changeSetId(region: string, name: string): string {
  return `arn:aws:cloudformation:${region}:${ACCOUNT}:changeSet/${name}/${randomUUID()}`
}

/** `STACK-LOGICALID-RANDOM`, shortened in its front so that it has at most `limit` characters, as AWS does. */
export function physicalName(
  stackName: string,
  logicalId: string,
  rule: { limit: number; lowerCase?: true } = { limit: 128 },
): string {
  const random = [...randomBytes(RANDOM_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')
  const room = rule.limit - RANDOM_LENGTH - 1
  const logicalRoom = Math.max(Math.floor(room / 2), room - stackName.length - 1)
  const logical = logicalId.slice(0, logicalRoom)
  const stack = stackName.slice(0, room - logical.length - 1)
  const name = `${stack}-${logical}-${random}`
  return rule.lowerCase ? name.toLowerCase() : name
}
