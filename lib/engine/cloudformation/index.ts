import { randomUUID } from 'node:crypto'
import { ApiError, type ApiRequest, type ApiResponse, type Service, type ServiceContext } from '../api'
import { Journal } from './deploy/journal'
import {
  createChangeSet,
  deleteChangeSet,
  describeChangeSet,
  executeChangeSet,
  listChangeSets,
} from './operations/change-sets'
import type { Operation } from './operations/operation'
import {
  describeStackEvents,
  describeStackResource,
  describeStackResources,
  listStackResources,
} from './operations/resources'
import {
  createStack,
  deleteStack,
  describeStacks,
  getStackPolicy,
  listStacks,
  setStackPolicy,
  updateStack,
  updateTerminationProtection,
} from './operations/stacks'
import { getTemplate, listExports, validate } from './operations/templates'
import { parseQuery } from './query'
import { createClients } from './resources/clients'
import { StackRunner } from './runner'
import { Store } from './store'
import { responseXml } from './xml'

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateChangeSet: createChangeSet,
  CreateStack: createStack,
  DeleteChangeSet: deleteChangeSet,
  DeleteStack: deleteStack,
  DescribeChangeSet: describeChangeSet,
  DescribeStackEvents: describeStackEvents,
  DescribeStackResource: describeStackResource,
  DescribeStackResources: describeStackResources,
  DescribeStacks: describeStacks,
  ExecuteChangeSet: executeChangeSet,
  GetStackPolicy: getStackPolicy,
  GetTemplate: getTemplate,
  ListChangeSets: listChangeSets,
  ListExports: listExports,
  ListStackResources: listStackResources,
  ListStacks: listStacks,
  SetStackPolicy: setStackPolicy,
  UpdateStack: updateStack,
  UpdateTerminationProtection: updateTerminationProtection,
  ValidateTemplate: validate,
}

/**
 * AWS CloudFormation: what `sls deploy`, `info` and `remove` ask of it, with the resource types of `resources/`.
 *
 * A stack whose operation is cut off by the end of the engine becomes CREATE_FAILED, UPDATE_FAILED or DELETE_FAILED at
 * the next start. The first two take an update, as on AWS after a deploy with `disableRollback`, which finds what was
 * begun and brings it to its end.
 */
export function createCloudFormation(context: Omit<ServiceContext, 'inside'>): Service {
  const store = new Store(context.dataDir)
  const clients = createClients(context.endpoint, context.region)
  const closing = new AbortController()
  const runner = new StackRunner(
    {
      store,
      journal: new Journal(store, context.clock),
      clients,
      region: context.region,
      warn: context.warn,
      signal: closing.signal,
    },
    context.clock,
  )

  return {
    name: 'cloudformation',
    protocol: 'awsQuery',
    async handle(request: ApiRequest): Promise<ApiResponse> {
      const { Action, ...input } = parseQuery(request.body.toString('utf8'))
      const operation =
        typeof Action === 'string' && Object.hasOwn(OPERATIONS, Action) ? OPERATIONS[Action] : undefined
      if (typeof Action !== 'string' || !operation) {
        throw new ApiError(
          'InvalidAction',
          `The local engine does not support cloudformation:${String(Action)}`,
        )
      }
      const result = await operation(input, runner)
      return {
        status: 200,
        headers: { 'content-type': 'text/xml' },
        body: responseXml(Action, result, randomUUID()),
      }
    },
    async close() {
      closing.abort(new Error('the engine is closing'))
      // The steps that are under way come to their end and are written down; no other is begun.
      await runner.idle()
      clients.destroy()
    },
  }
}
