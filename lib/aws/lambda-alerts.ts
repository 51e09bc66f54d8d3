import {
  InvokeCommand,
  LambdaClient,
  type LambdaClientConfig,
  LambdaServiceException,
} from '@aws-sdk/client-lambda'
import type { Alerts } from '../ports/ports'

/** Says in our own log what somebody ought to know. */
export type Report = (message: string, about: Record<string, unknown>) => void

/** No such function, and no right: asking again changes nothing, and no run is to wait for who tells of it. */
const NEVER = [403, 404]

/** Tells the alerter by an asynchronous invocation: what Lambda accepted is its own to bring, again where it must. */
export class LambdaAlerts implements Alerts {
  private readonly client: LambdaClient

  constructor(
    private readonly functionName: string,
    private readonly report: Report,
    config: LambdaClientConfig = {},
  ) {
    this.client = new LambdaClient(config)
  }

  async tell({ task, run }: { task: string; run: string }): Promise<void> {
    try {
      await this.client.send(
        new InvokeCommand({
          FunctionName: this.functionName,
          InvocationType: 'Event',
          Payload: JSON.stringify({ ended: { task, run } }),
        }),
      )
    } catch (error) {
      const refused = error instanceof LambdaServiceException
      if (!refused || !NEVER.includes(error.$metadata.httpStatusCode ?? 0)) throw error
      this.report('nobody is told of a run that ended', { task, run, why: `${error.name}: ${error.message}` })
    }
  }

  close(): void {
    this.client.destroy()
  }
}
