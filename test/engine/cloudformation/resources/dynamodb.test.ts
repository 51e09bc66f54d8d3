import { DescribeTableCommand, DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb'
import { arn, outputs, type Stacks, startStacks, UPDATED } from './support'

let stacks: Stacks
beforeAll(async () => {
  stacks = await startStacks()
})
afterAll(() => stacks.close())

describe('a table', () => {
  const index = (name: string) => ({
    IndexName: name,
    KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' }],
    Projection: { ProjectionType: 'ALL' },
  })
  const table = (properties: object = {}, more: object = {}) => ({
    Resources: {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: 'things',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
          ...properties,
        },
        ...more,
      },
    },
    ...outputs({ Arn: arn('Table') }),
  })
  it('is ACTIVE when its stack is complete, and says that its indexes cannot be changed', async () => {
    const { outputs: made } = await stacks.create('tables', table())
    expect(made['Arn']).toBe('arn:aws:dynamodb:us-east-1:000000000000:table/things')
    const AttributeDefinitions = ['id', 'other'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    }))
    const more = { AttributeDefinitions, GlobalSecondaryIndexes: [index('by-other')] }
    expect((await stacks.create('indexed', table({ TableName: 'indexed', ...more }))).status).toBe(
      'CREATE_COMPLETE',
    )
    expect(await stacks.update('tables', table(more))).toMatchObject({
      status: 'UPDATE_ROLLBACK_COMPLETE',
      failures: expect.arrayContaining([expect.stringContaining('cannot change the indexes of a table')]),
    })
  })

  it('has the time to live that the template names, changed and taken out as well', async () => {
    const described = async () =>
      (await stacks.clients.dynamodb.send(new DescribeTimeToLiveCommand({ TableName: 'things' })))
        .TimeToLiveDescription
    expect(await described()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' })
    const TimeToLiveSpecification = { AttributeName: 'gone', Enabled: true }
    expect(await stacks.update('tables', table({ TimeToLiveSpecification }))).toMatchObject(UPDATED)
    expect(await described()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'gone' })
    expect(await stacks.update('tables', table({ TimeToLiveSpecification: undefined }))).toMatchObject(
      UPDATED,
    )
    expect(await described()).toEqual({ TimeToLiveStatus: 'DISABLED' })
  })

  it('changes how it is billed', async () => {
    const ProvisionedThroughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 2 }
    const provisioned = table({ BillingMode: 'PROVISIONED', ProvisionedThroughput })
    expect(await stacks.update('tables', provisioned)).toMatchObject(UPDATED)
    const { Table } = await stacks.clients.dynamodb.send(new DescribeTableCommand({ TableName: 'things' }))
    expect(Table?.ProvisionedThroughput).toMatchObject(ProvisionedThroughput)
  })

  it('is not deleted while it is protected, and fails a second stack once it is retained', async () => {
    expect(await stacks.update('tables', table({ DeletionProtectionEnabled: true }))).toMatchObject(UPDATED)
    expect((await stacks.remove('tables')).status).toBe('DELETE_FAILED')
    expect(await stacks.reasons('tables')).toContainEqual(
      expect.stringContaining('protected against deletion'),
    )

    await stacks.create('kept', {
      Resources: { ...table({ TableName: 'kept' }, { DeletionPolicy: 'Retain' }).Resources },
    })
    await stacks.remove('kept')
    expect((await stacks.create('kept', table({ TableName: 'kept' }))).status).toBe('ROLLBACK_COMPLETE')
    expect(await stacks.reasons('kept')).toContain(
      "Resource of type 'AWS::DynamoDB::Table' with identifier 'kept' already exists. (HandlerErrorCode: AlreadyExists)",
    )
    const { Table } = await stacks.clients.dynamodb.send(new DescribeTableCommand({ TableName: 'kept' }))
    expect(Table?.TableStatus).toBe('ACTIVE')
  })
})
