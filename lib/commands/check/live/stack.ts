import { setTimeout as sleep } from 'node:timers/promises'
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation'
import { CommandError } from '../../errors'
import type { Session } from '../../session'
import { probeTemplate } from './template'
import { POLL } from './world'

/** Milliseconds. Making it takes about two minutes on AWS, removing it a little longer. */
const MADE_WITHIN = 10 * 60_000
const REMOVED_WITHIN = 15 * 60_000
const MOST_TRIES = 8

/** The one stack in which everything of the probe is. */
export class ProbeStack {
  readonly #client: CloudFormationClient
  readonly #now: () => number
  /** Its name until its id is known, by which one that is gone is known as well. */
  #id: string | undefined

  constructor(
    { where, now }: Session,
    readonly name: string,
  ) {
    // It is asked every second, and what it made must be removed whatever happens to one answer.
    this.#client = new CloudFormationClient({ ...where.config, maxAttempts: MOST_TRIES })
    this.#now = now
  }

  /**
   * @throws {CommandError} where it cannot be made, with CloudFormation's own reason
   * @throws what `signal` is aborted with; the stack may be half made then
   */
  async create(signal: AbortSignal): Promise<void> {
    // Also where the answer is lost it may be there.
    this.#id = this.name
    const { StackId } = await this.#client.send(
      new CreateStackCommand({
        StackName: this.name,
        TemplateBody: JSON.stringify(probeTemplate(this.name)),
        Capabilities: ['CAPABILITY_IAM'],
        OnFailure: 'DO_NOTHING',
      }),
    )
    this.#id = StackId ?? this.name
    const status = await this.#until((status) => !status.endsWith('_IN_PROGRESS'), MADE_WITHIN, signal)
    if (status === 'CREATE_COMPLETE') return
    throw new CommandError(`the probe could not be made: ${await this.#reason(status)}`, 'PROBE_FAILED')
  }

  /** Removes all of it; without effect where it was never begun. Gives whether nothing is left. */
  async remove(): Promise<boolean> {
    if (this.#id === undefined) return true
    const gone = (status: string) => status === 'DELETE_COMPLETE' || status === 'DELETE_FAILED'
    // One that is being made may be removed as well; a second try takes what the first met in use.
    for (let tries = 0; tries < 2; tries++) {
      await this.#client.send(new DeleteStackCommand({ StackName: this.#id }))
      if ((await this.#until(gone, REMOVED_WITHIN)) === 'DELETE_COMPLETE') return true
    }
    return false
  }

  close(): void {
    this.#client.destroy()
  }

  async #until(is: (status: string) => boolean, within: number, signal?: AbortSignal): Promise<string> {
    const end = this.#now() + within
    for (;;) {
      const status = (await this.#describe())?.StackStatus ?? 'DELETE_COMPLETE'
      if (is(status) || this.#now() > end) return status
      await sleep(POLL, undefined, signal === undefined ? {} : { signal })
    }
  }

  async #describe(): Promise<Stack | undefined> {
    try {
      const { Stacks: [stack] = [] } = await this.#client.send(
        new DescribeStacksCommand({ StackName: this.#id }),
      )
      return stack
    } catch (error) {
      if (error instanceof Error && /does not exist/.test(error.message)) return undefined
      throw error
    }
  }

  async #reason(status: string): Promise<string> {
    const { StackEvents = [] } = await this.#client.send(
      new DescribeStackEventsCommand({ StackName: this.#id }),
    )
    // The newest come first, and what failed first is the cause of the others.
    const failed = StackEvents.filter(({ ResourceStatus = '' }) => ResourceStatus.endsWith('_FAILED')).at(-1)
    return failed === undefined
      ? status
      : `${failed.LogicalResourceId} (${failed.ResourceType}): ${failed.ResourceStatusReason}`
  }
}
