import {
  type FailureReason,
  type RunRecord,
  type SkipReason,
  STATUSES,
  TRIGGERS,
} from '../../lib/core/protocol/record'
import { queryOf } from './support/partiql'
import { readPage } from './support/snippets'
import { firstCells, section } from './support/tables'

const page = readPage('docs/run-records.md')

/** The compiler holds these against the types: a field or reason that is missing or gone does not compile. */
const FIELDS = {
  task: true,
  run: true,
  status: true,
  reason: true,
  trigger: true,
  triggeredBy: true,
  rerunOf: true,
  backfill: true,
  scheduledAt: true,
  attempt: true,
  attempts: true,
  queuedAt: true,
  startedAt: true,
  finishedAt: true,
  function: true,
  qualifier: true,
  payload: true,
  logGroup: true,
  logStream: true,
  requestId: true,
  error: true,
  verdict: true,
  blockedBy: true,
  expiresAt: true,
  keepFor: true,
  until: true,
  retryAt: true,
  by: true,
  cancel: true,
  definition: true,
} satisfies Record<keyof RunRecord, true>

const REASONS = {
  'log-rule': true,
  error: true,
  'timed-out': true,
  'out-of-memory': true,
  exited: true,
  'not-started': true,
  refused: true,
  'no-log': true,
  'lost-end': true,
  'late-error': true,
  overlap: true,
  superseded: true,
  paused: true,
  'too-late': true,
} satisfies Record<FailureReason | SkipReason, true>

describe('docs/run-records.md', () => {
  it('has every field of the record, and no other', () => {
    expect(firstCells(section(page, 'Fields')).sort()).toEqual(Object.keys(FIELDS).sort())
  })

  it('has every status, and no other', () => {
    expect(firstCells(section(page, 'Statuses'))).toEqual([...STATUSES])
  })

  it('has every reason, and no other', () => {
    expect(firstCells(section(page, 'Reasons'))).toEqual(Object.keys(REASONS))
  })

  it('has every trigger', () => {
    for (const trigger of TRIGGERS) expect(section(page, 'Fields')).toContain(`\`${trigger}\``)
  })
})

describe('a PartiQL statement', () => {
  it('is taken for the query that it stands for', () => {
    expect(
      queryOf(
        `SELECT * FROM "t" WHERE task = 'a' AND run >= '2026' AND "status" = 'FAILED' ORDER BY run DESC`,
      ),
    ).toEqual({
      TableName: 't',
      KeyConditionExpression: 'task = :0 AND run >= :1',
      FilterExpression: '#status = :2',
      ScanIndexForward: false,
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':0': { S: 'a' }, ':1': { S: '2026' }, ':2': { S: 'FAILED' } },
    })
  })

  it.each([
    [`SELECT * FROM "t" WHERE reason = 'overlap'`, /whole table/],
    [`SELECT * FROM t WHERE task = 'a'`, /not a statement/],
    [`SELECT * FROM "t" WHERE task LIKE 'a'`, /not a comparison/],
  ])('is refused where it is none that a page should show: %s', (statement, why) => {
    expect(() => queryOf(statement)).toThrow(why)
  })
})
