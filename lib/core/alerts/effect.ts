/** What the alerter does to the world: what the protocol does (lib/core/protocol/effect), and this. */
import type { Definition } from '../definition'
import type { Context, Effect } from '../protocol/effect'
import type { RunRecord } from '../protocol/record'
import type { Alert } from './alert'

/** A task's schedule as it stands in the group. `changedAt` epoch ms. */
export type Deployed = { enabled: boolean; changedAt: number; definition: Definition | undefined }

export type AlertEffect =
  | Effect
  | { do: 'notify'; alert: Alert; channels: readonly string[] }
  | { do: 'readSchedule'; task: string }
  | { do: 'readRunKeys'; task: string; from: string; to: string }
  | { do: 'readEnds'; task: string; before: string }

/** How a run ended; `finishedAt` ISO 8601, absent where it has not. */
export type RunEnd = Pick<RunRecord, 'status' | 'finishedAt'>

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

/** The task's last runs before one, the newest first; ten at most. */
export function* readEnds(task: string, before: string): AlertStep<RunEnd[]> {
  return (yield { do: 'readEnds', task, before }) as RunEnd[]
}
