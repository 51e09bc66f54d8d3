import { setImmediate as turn } from 'node:timers/promises'
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { createClients } from '../../../../lib/engine/cloudformation/resources/clients'
import { startEngine } from '../../../../lib/engine/server'
import { clientConfig, temporaryFolder } from '../../../support/engine'

export type Stacks = Awaited<ReturnType<typeof startStacks>>

/** CloudFormation with the engine's real services around it, and stock clients that look inside. */
export async function startStacks() {
  const data = temporaryFolder()
  const engine = await startEngine({ port: 0, dataDir: data.path })
  /** `service METHOD path` of each. */
  const calls: string[] = []
  engine.onCall(({ service, request }) => calls.push(`${service} ${request.method} ${request.path}`))
  const config = { ...clientConfig(engine.endpoint), maxAttempts: 1 }
  const cloudFormation = new CloudFormationClient(config)
  const clients = createClients(engine.endpoint, engine.region)

  const describe = async (StackName: string) => {
    const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }))
    return stack
  }
  const reasons = async (StackName: string) => {
    const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }))
    return StackEvents.flatMap((event) => event.ResourceStatusReason ?? [])
  }
  /** What became of the stack once its operation is over; why, where that is bad. */
  const settled = async (StackName: string) => {
    for (;;) {
      const stack = await describe(StackName)
      if (!stack?.StackStatus?.endsWith('_IN_PROGRESS')) {
        const outputs = Object.fromEntries(
          (stack?.Outputs ?? []).map((one) => [one.OutputKey, one.OutputValue]),
        )
        const failures = stack?.StackStatus?.match(/ROLLBACK|FAILED/)
          ? await reasons(stack.StackId ?? '')
          : []
        return { status: stack?.StackStatus, outputs, failures }
      }
      await turn()
    }
  }
  const input = (StackName: string, template: object) => ({
    StackName,
    TemplateBody: JSON.stringify(template),
    Capabilities: ['CAPABILITY_NAMED_IAM' as const],
  })

  return {
    engine,
    calls,
    clients,
    reasons,
    async create(name: string, template: object) {
      await cloudFormation.send(new CreateStackCommand(input(name, template)))
      return settled(name)
    },
    async update(name: string, template: object) {
      await cloudFormation.send(new UpdateStackCommand(input(name, template)))
      return settled(name)
    },
    async remove(name: string) {
      const { StackId = '' } = (await describe(name)) ?? {}
      await cloudFormation.send(new DeleteStackCommand({ StackName: name }))
      return settled(StackId)
    },
    async close() {
      cloudFormation.destroy()
      clients.destroy()
      await engine.close()
      data.remove()
    },
  }
}

export const UPDATED = { status: 'UPDATE_COMPLETE', failures: [] }

export const ref = (id: string) => ({ Ref: id })
export const arn = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [id, name] })
export const outputs = (values: Record<string, unknown>) => ({
  Outputs: Object.fromEntries(Object.entries(values).map(([key, Value]) => [key, { Value }])),
})
export const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: 'resources-role',
    AssumeRolePolicyDocument: {
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
  },
}
/** Beside `role` as `Role`. */
export const lambda = (properties: object) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Handler: 'index.handler', Runtime: 'nodejs20.x', Role: arn('Role'), ...properties },
})
export const SOURCE = 'exports.handler = async () => 1'
