import { type Case, type Cost, measureCases } from '../../bench/cases'

jest.setTimeout(120_000)

/**
 * What a run costs is counted, and a change that makes it dearer must be meant. Of a task with a schedule of its own that
 * nobody looks at in between: of what is due every minute or more often, the runs share their deadline.
 */
describe('the calls of a run, as the engine counts them', () => {
  it('are these, and no more', async () => {
    const cases = await measureCases({
      every: 120,
      warmUp: 4,
      counted: 2,
      countedOthers: 2,
      together: true,
      drain: false,
    })
    expect(writesOf(cases)).toMatchObject({ 'no contention': 4, waited: 6, skipped: 2 })
    // Of an attempt that throws both its log and Lambda's report tell; which comes first makes a difference.
    expect(cases.failed.tally.writes).toBeLessThanOrEqual(6)
    expect(cases.retried.tally.writes).toBeLessThanOrEqual(8)
    const { tally } = cases['no contention']
    expect(tally.reads).toBe(1)
    expect(tally.calls).toMatchObject({
      'handlers sqs SendMessageBatch': 1,
      'handlers lambda Invoke': 1,
      'aws lambda Invoke': 1,
      'wrapper logs CreateLogStream': 1,
      'wrapper logs PutLogEvents': 2,
    })
    // A record that grows beyond a unit of DynamoDB doubles what its writes cost.
    expect(tally.writeUnits).toBe(4)
  })
})

const writesOf = (cases: Record<Case, Cost>) =>
  Object.fromEntries(Object.entries(cases).map(([name, { tally }]) => [name, tally.writes]))
