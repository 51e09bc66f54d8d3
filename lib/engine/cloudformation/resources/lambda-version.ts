import {
  CreateAliasCommand,
  type CreateAliasCommandInput,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda'
import { unlessMissing } from './missing'
import { mutable, type Properties, type ResourceContext, type ResourceType, replaces } from './type'

/** Environments that Lambda would keep warm; here a function's processes are kept warm anyhow. */
const PROVISIONED = { ProvisionedConcurrentExecutions: 'integer' } as const

const version: ResourceType = {
  type: 'AWS::Lambda::Version',
  properties: {
    CodeSha256: replaces('string'),
    Description: replaces('string'),
    FunctionName: replaces('string'),
    ProvisionedConcurrencyConfig: replaces({ fields: PROVISIONED }),
  },
  required: ['FunctionName'],
  attributes: ['FunctionArn', 'Version'],

  async create(properties, { clients }) {
    const published = await clients.lambda.send(
      new PublishVersionCommand({
        FunctionName: String(properties['FunctionName']),
        CodeSha256: properties['CodeSha256'] as string | undefined,
        Description: properties['Description'] as string | undefined,
      }),
    )
    const arn = published.FunctionArn ?? ''
    return { physicalId: arn, attributes: { FunctionArn: arn, Version: published.Version ?? '' } }
  },
  async delete({ attributes, properties }, { clients }) {
    await unlessMissing(
      clients.lambda.send(
        new DeleteFunctionCommand({
          FunctionName: String(properties['FunctionName']),
          Qualifier: attributes['Version'],
        }),
      ),
    )
  },
}

const alias: ResourceType = {
  type: 'AWS::Lambda::Alias',
  properties: {
    Description: mutable('string'),
    FunctionName: replaces('string'),
    FunctionVersion: mutable('string'),
    Name: replaces('string'),
    ProvisionedConcurrencyConfig: mutable({ fields: PROVISIONED }),
    RoutingConfig: mutable({
      fields: {
        AdditionalVersionWeights: {
          list: {
            fields: { FunctionVersion: 'string', FunctionWeight: 'number' },
            required: ['FunctionVersion', 'FunctionWeight'],
          },
        },
      },
    }),
  },
  required: ['FunctionName', 'FunctionVersion', 'Name'],
  attributes: ['AliasArn'],
  name: { property: 'Name', limit: 128, within: 'FunctionName' },

  async create(properties, { clients }) {
    const { AliasArn = '' } = await clients.lambda.send(new CreateAliasCommand(aliasInput(properties)))
    return { physicalId: AliasArn, attributes: { AliasArn } }
  },
  async update(_, after, { clients }) {
    await clients.lambda.send(new UpdateAliasCommand(aliasInput(after)))
    return undefined
  },
  async delete({ properties }, { clients }) {
    const { FunctionName, Name } = aliasInput(properties)
    await unlessMissing(clients.lambda.send(new DeleteAliasCommand({ FunctionName, Name })))
  },
  find: (properties, context) => findAlias(properties, context),
}

async function findAlias(properties: Properties, { clients }: ResourceContext) {
  const { FunctionName, Name } = aliasInput(properties)
  const found = await unlessMissing(clients.lambda.send(new GetAliasCommand({ FunctionName, Name })))
  const arn = found?.AliasArn
  return arn === undefined ? undefined : { physicalId: arn, attributes: { AliasArn: arn } }
}

type Weights = { AdditionalVersionWeights?: { FunctionVersion: string; FunctionWeight: number }[] }

/** The whole of an alias, so that what the template no longer says goes back to its default. */
function aliasInput(properties: Properties): CreateAliasCommandInput {
  const { AdditionalVersionWeights = [] } = (properties['RoutingConfig'] ?? {}) as Weights
  return {
    FunctionName: String(properties['FunctionName']),
    Name: String(properties['Name']),
    FunctionVersion: String(properties['FunctionVersion']),
    Description: String(properties['Description'] ?? ''),
    RoutingConfig: {
      AdditionalVersionWeights: Object.fromEntries(
        AdditionalVersionWeights.map((weight) => [weight.FunctionVersion, weight.FunctionWeight]),
      ),
    },
  }
}

export const versionTypes = [version, alias]
