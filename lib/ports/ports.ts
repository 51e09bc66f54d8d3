/** What the protocol asks of the world, one port a service. */
import type {
  Invocation,
  InvokeResult,
  Item,
  Key,
  LogLine,
  Outgoing,
  Stream,
  Table,
  Write,
  WriteResult,
} from '../core/protocol/effect'

export interface Store {
  /** Consistent. */
  read(table: Table, key: Key): Promise<Item | undefined>
  /** Throws only where it is not known whether the write was done. */
  write(write: Write): Promise<WriteResult>
}

export interface Queue {
  /** Resolves when every message is on the queue; `delaySeconds` 0 to 900. */
  send(messages: readonly Outgoing[]): Promise<void>
}

export interface Targets {
  invoke(invocation: Invocation): Promise<InvokeResult>
}

export interface Logs {
  createStream(stream: Stream): Promise<'created' | 'exists' | 'no-group'>
  putLine(stream: Stream, line: string): Promise<void>
  /** Oldest first, at most `limit` (1 to 10,000) lines; none where there is no such stream. */
  readStream(stream: Stream, from: 'head' | 'tail', limit: number): Promise<LogLine[]>
}

export interface Alerts {
  /** Resolves when the alerter is sure to hear of it, once or more often. */
  tell(ended: { task: string; run: string }): Promise<void>
}

/** `alerts`: only where the service has an alerter. */
export type Ports = { store: Store; queue: Queue; targets: Targets; logs: Logs; alerts?: Alerts | undefined }
