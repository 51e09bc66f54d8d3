import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { Alerts } from '../ports/ports'

/** Tells the alerter by an asynchronous invocation: what Lambda accepted is its own to bring, again where it must. */
export class LambdaAlerts implements Alerts {
  private readonly client = new LambdaClient({})

  constructor(private readonly functionName: string) {}

  async tell({ task, run }: { task: string; run: string }): Promise<void> {
    await this.client.send(
      new InvokeCommand({
        FunctionName: this.functionName,
        InvocationType: 'Event',
        Payload: JSON.stringify({ ended: { task, run } }),
      }),
    )
  }
}
