import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setImmediate as turn } from 'node:timers/promises'
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { ApiError, DUMMY_CREDENTIALS, type Service } from '../../../lib/engine/api'
import { systemClock } from '../../../lib/engine/clock'
import { createCloudFormation } from '../../../lib/engine/cloudformation'
import { FakeAws } from './fake-aws'

export type World = Awaited<ReturnType<typeof createWorld>>

/** CloudFormation behind a port, with a stock client, and a fake of what lies around it. */
export async function createWorld() {
  const root = mkdtempSync(join(tmpdir(), 'cloudformation-'))
  let dataDir = join(root, '0')
  let killed = Promise.resolve()
  const aws = new FakeAws()
  let service: Service | undefined
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const scope = /Credential=[^,]*\/([a-z0-9]+)\/aws4_request/.exec(
      String(request.headers.authorization),
    )?.[1]
    if (scope !== 'cloudformation') {
      const answer = await aws.handle(request, body)
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' })
      response.end(JSON.stringify(answer.body))
      return
    }
    try {
      const answer = await service?.handle({
        method: 'POST',
        path: '/',
        query: new URLSearchParams(),
        headers: {},
        body: Buffer.from(body),
        region: 'us-east-1',
      })
      response.writeHead(answer?.status ?? 500, answer?.headers).end(answer?.body)
    } catch (error) {
      const { code, message, status } =
        error instanceof ApiError ? error : new ApiError('Failure', `${error}`, 500)
      response.writeHead(status, { 'content-type': 'text/xml' })
      response.end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message
          .replaceAll('&', '&amp;')
          .replaceAll('<', '&lt;')}</Message></Error></ErrorResponse>`,
      )
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const start = () =>
    createCloudFormation({ clock: systemClock, endpoint, region: 'us-east-1', dataDir, warn: () => {} })
  service = start()
  const client = new CloudFormationClient({
    endpoint,
    region: 'us-east-1',
    credentials: DUMMY_CREDENTIALS,
    maxAttempts: 1,
  })

  const describe = async (name: string): Promise<Stack> => {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }))
    return Stacks[0] as Stack
  }
  const settled = async (name: string): Promise<Stack> => {
    for (;;) {
      const stack = await describe(name)
      if (!stack.StackStatus?.endsWith('_IN_PROGRESS')) return stack
      await turn()
    }
  }
  return {
    aws,
    client,
    describe,
    /** The stack once its operation is over. */
    settled,
    async create(name: string, template: object, more: object = {}): Promise<Stack> {
      const TemplateBody = JSON.stringify(template)
      const { StackId = '' } = await client.send(
        new CreateStackCommand({ StackName: name, TemplateBody, ...more }),
      )
      return settled(StackId)
    },
    async update(name: string, template: object, more: object = {}): Promise<Stack> {
      const TemplateBody = JSON.stringify(template)
      await client.send(new UpdateStackCommand({ StackName: name, TemplateBody, ...more }))
      return settled(name)
    },
    changeSet(name: string, template: object, ChangeSetType: 'CREATE' | 'UPDATE', more: object = {}) {
      const TemplateBody = JSON.stringify(template)
      const names = { StackName: name, ChangeSetName: 'deploy' }
      return client.send(new CreateChangeSetCommand({ ...names, ChangeSetType, TemplateBody, ...more }))
    },
    /** `LogicalId STATUS`, oldest first; `reasons` for those that have one. */
    async events(name: string): Promise<string[]> {
      const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: name }))
      return StackEvents.map((event) => `${event.LogicalResourceId} ${event.ResourceStatus}`).reverse()
    },
    async reasons(name: string): Promise<string[]> {
      const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: name }))
      return StackEvents.flatMap((event) => event.ResourceStatusReason ?? []).reverse()
    },
    /** Ends the service where it stands and starts it anew on the same folder. */
    async restart(): Promise<void> {
      await service?.close()
      service = start()
    },
    /**
     * A kill: a new service starts on what the old one has written so far, and hears no more of it. The call that the
     * old one has under way is still carried out; resolves when it is.
     */
    kill(): Promise<void> {
      const before = dataDir
      dataDir = `${before}1`
      cpSync(before, dataDir, { recursive: true })
      killed = service?.close() ?? killed
      service = start()
      return killed
    },
    async close(): Promise<void> {
      client.destroy()
      await killed
      await service?.close()
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
      rmSync(root, { recursive: true })
    },
  }
}

export const group = (name: string | undefined, properties: object = {}, more: object = {}) => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { ...(name === undefined ? {} : { LogGroupName: name }), ...properties },
  ...more,
})
