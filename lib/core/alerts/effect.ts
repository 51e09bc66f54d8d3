/** What the alerter does to the world: what the protocol does (lib/core/protocol/effect), and this. */
import type { Definition } from '../definition'
import type { Context, Effect } from '../protocol/effect'
import type { Alert } from './alert'

/** A task's schedule as it stands in the group. `changedAt` epoch ms. */
export type Deployed = { enabled: boolean; changedAt: number; definition: Definition | undefined }

export type AlertEffect =
  | Effect
  | { do: 'notify'; alert: Alert; channels: readonly string[] }
  | { do: 'readSchedule'; task: string }
  | { do: 'readRunKeys'; task: string; from: string; to: string }

export type AlertStep<T> = Generator<AlertEffect, T, unknown>

export type AlertContext = Context & {
  stage: string
  /** Says in our own log what somebody ought to know. */
  warn(message: string, about: object): void
}

/** Answers with the channels that did not take it. */
export function* notify(alert: Alert, channels: readonly string[]): AlertStep<string[]> {
  return (yield { do: 'notify', alert, channels }) as string[]
}

/** Undefined where there is no such schedule. */
export function* readSchedule(task: string): AlertStep<Deployed | undefined> {
  return (yield { do: 'readSchedule', task }) as Deployed | undefined
}

/** The keys of the task's runs between two, both included. */
export function* readRunKeys(task: string, from: string, to: string): AlertStep<string[]> {
  return (yield { do: 'readRunKeys', task, from, to }) as string[]
}
