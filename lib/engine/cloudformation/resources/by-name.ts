import { randomUUID } from 'node:crypto'
import { accepted, recorded } from './recorded'
import { strings, tagList } from './shape'
import { mutable, type ResourceType, replaces } from './type'

/** What API Gateway gives its things for a name: ten letters and digits. */
const apiId = () => randomUUID().replaceAll('-', '').slice(0, 10)

const layer = recorded({
  type: 'AWS::Lambda::LayerVersion',
  properties: {
    Content: replaces('json'),
    ...accepted(['CompatibleArchitectures', 'CompatibleRuntimes'], replaces(strings)),
    ...accepted(['Description', 'LayerName', 'LicenseInfo'], replaces('string')),
  },
  required: ['Content'],
  attributes: ['LayerVersionArn'],
  created: (properties, { name, region, account }) => {
    const arn = `arn:aws:lambda:${region}:${account}:layer:${properties['LayerName'] ?? name}:1`
    return { physicalId: arn, attributes: { LayerVersionArn: arn } }
  },
})

const rule = recorded({
  type: 'AWS::Events::Rule',
  properties: {
    ...accepted(['Name', 'EventBusName'], replaces('string')),
    ...accepted(['Description', 'RoleArn', 'ScheduleExpression', 'State'], mutable('string')),
    ...accepted(['EventPattern', 'Targets'], mutable('json')),
    Tags: mutable(tagList),
  },
  required: [],
  attributes: ['Arn'],
  name: { property: 'Name', limit: 64 },
  created: (_, { name, region, account }) => ({
    physicalId: name,
    attributes: { Arn: `arn:aws:events:${region}:${account}:rule/${name}` },
  }),
})

const api = recorded({
  type: 'AWS::ApiGatewayV2::Api',
  properties: {
    ProtocolType: replaces('string'),
    ...accepted(['Description', 'Name', 'RouteSelectionExpression', 'Version'], mutable('string')),
    DisableExecuteApiEndpoint: mutable('boolean'),
    ...accepted(['CorsConfiguration', 'Tags'], mutable('json')),
  },
  required: [],
  attributes: ['ApiId', 'ApiEndpoint'],
  created: (_, { region }) => {
    const id = apiId()
    const endpoint = `https://${id}.execute-api.${region}.amazonaws.com`
    return { physicalId: id, attributes: { ApiId: id, ApiEndpoint: endpoint } }
  },
})

const stage = recorded({
  type: 'AWS::ApiGatewayV2::Stage',
  properties: {
    ...accepted(['ApiId', 'StageName'], replaces('string')),
    ...accepted(['DeploymentId', 'Description'], mutable('string')),
    AutoDeploy: mutable('boolean'),
    ...accepted(
      ['AccessLogSettings', 'DefaultRouteSettings', 'RouteSettings', 'StageVariables', 'Tags'],
      mutable('json'),
    ),
  },
  required: ['ApiId', 'StageName'],
  attributes: [],
  created: (properties) => ({ physicalId: String(properties['StageName']) }),
})

const integration = recorded({
  type: 'AWS::ApiGatewayV2::Integration',
  properties: {
    ApiId: replaces('string'),
    ...accepted(
      ['ConnectionType', 'Description', 'IntegrationMethod', 'IntegrationType', 'IntegrationUri'],
      mutable('string'),
    ),
    PayloadFormatVersion: mutable('string'),
    TimeoutInMillis: mutable('integer'),
  },
  required: ['ApiId', 'IntegrationType'],
  attributes: ['IntegrationId'],
  created: () => {
    const id = apiId()
    return { physicalId: id, attributes: { IntegrationId: id } }
  },
})

const route = recorded({
  type: 'AWS::ApiGatewayV2::Route',
  properties: {
    ApiId: replaces('string'),
    ...accepted(
      ['AuthorizationType', 'AuthorizerId', 'OperationName', 'RouteKey', 'Target'],
      mutable('string'),
    ),
    AuthorizationScopes: mutable(strings),
  },
  required: ['ApiId', 'RouteKey'],
  attributes: ['RouteId'],
  created: () => {
    const id = apiId()
    return { physicalId: id, attributes: { RouteId: id } }
  },
})

/**
 * What other parts of a service often have and tasks do not need: layers, the framework's `schedule` and `httpApi`
 * events. A stack with them deploys, but no layer is loaded, no rule fires and no API answers; `sls tasks dev` says so.
 */
export const byNameTypes: ResourceType[] = [layer, rule, api, stage, integration, route]
