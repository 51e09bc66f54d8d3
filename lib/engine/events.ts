import { randomUUID } from 'node:crypto'
import { ApiError, type Service } from './api'
import { violated } from './constraint'
import { oneOperation } from './one-operation'

type Entry = { Source?: string; DetailType?: string; Detail?: string; EventBusName?: string }
type Answer = { EventId: string } | { ErrorCode: string; ErrorMessage: string }

/** EventBridge API reference, PutEvents: entries of one call, and bytes of all of them. */
const MOST_ENTRIES = 10
const LARGEST_CALL = 256 * 1024

/** EventBridge's default event bus, without rules: who wants to see what comes to it listens at the door (`Engine.onCall`). */
export function createEvents(): Service {
  return oneOperation({ name: 'events', title: 'EventBridge', operation: 'PutEvents', answer: put })
}

function put({ Entries = [] }: { Entries?: Entry[] }): unknown {
  if (Entries.length < 1) throw invalid(violated('entries', '[]', 'have length greater than or equal to 1'))
  if (Entries.length > MOST_ENTRIES)
    throw invalid(
      violated('entries', `${Entries.length} entries`, `have length less than or equal to ${MOST_ENTRIES}`),
    )
  if (Buffer.byteLength(JSON.stringify(Entries)) > LARGEST_CALL)
    throw invalid('Total size of the entries in the request is over the limit.')
  const answers = Entries.map(answerOf)
  return { FailedEntryCount: answers.filter((answer) => 'ErrorCode' in answer).length, Entries: answers }
}

const invalid = (message: string) => new ApiError('ValidationException', message)

/** The wordings are AWS's own, as moto's recorded tests have them. */
function answerOf({ Source, DetailType, Detail, EventBusName = 'default' }: Entry): Answer {
  const given = { Source, DetailType, Detail }
  for (const [name, value] of Object.entries(given))
    if (!value)
      return refused(
        'InvalidArgument',
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      )
  if (Source?.startsWith('aws.'))
    return refused('NotAuthorizedForSourceException', 'Not authorized for the source.')
  if (!isObject(Detail)) return refused('MalformedDetail', 'Detail is malformed.')
  if (!/^(?:arn:[^/]+:event-bus\/)?default$/.test(EventBusName))
    return refused(
      'ResourceNotFoundException',
      `The local engine has the default event bus only, not ${EventBusName}.`,
    )
  return { EventId: randomUUID() }
}

const refused = (ErrorCode: string, ErrorMessage: string): Answer => ({ ErrorCode, ErrorMessage })

function isObject(text: string | undefined): boolean {
  try {
    const value = JSON.parse(text ?? '')
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
