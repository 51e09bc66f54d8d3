import type { ServiceConfig } from '../config/resolve'
import { ids } from '../naming'
import type { CloudFormationResource } from '../serverless'
import { type StatePolicies, statePolicies } from './policies'

type Key = { name: string; type: 'HASH' | 'RANGE' }

/**
 * Runs and locks. On demand, so they cost nothing while idle; DynamoDB encrypts every table at rest. Point-in-time
 * recovery is for the records alone (0.20 USD a GB and month): a lock put back to an earlier time would let a second
 * body in.
 */
export function tables({ names, settings }: ServiceConfig): Record<string, CloudFormationResource> {
  const policies = statePolicies(settings)
  return {
    [ids.runsTable]: table(
      names.runsTable,
      [
        { name: 'task', type: 'HASH' },
        { name: 'run', type: 'RANGE' },
      ],
      {
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
      policies,
    ),
    [ids.locksTable]: table(names.locksTable, [{ name: 'task', type: 'HASH' }], {}, policies),
  }
}

function table(
  name: string,
  keys: Key[],
  properties: Record<string, unknown>,
  policies: StatePolicies,
): CloudFormationResource {
  return {
    Type: 'AWS::DynamoDB::Table',
    ...policies,
    Properties: {
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map((key) => ({ AttributeName: key.name, AttributeType: 'S' })),
      KeySchema: keys.map((key) => ({ AttributeName: key.name, KeyType: key.type })),
      ...properties,
    },
  }
}
