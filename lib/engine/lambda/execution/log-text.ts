import { randomBytes } from 'node:crypto'
import type { Version } from '../store'

/** Developer Guide, monitoring-cloudwatchlogs-loggroups: another form in a log group of the user's choice. */
export function streamName(now: number, name: string, { version, config }: Version): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '/')
  const id = randomBytes(16).toString('hex')
  return config.LoggingConfig.LogGroup === undefined
    ? `${day}/[${version}]${id}`
    : `${day}/${name}[${version}][${id}]`
}

/** `LogResult` has the last 4 KB of the invocation's log (API model). */
const TAIL_BYTES = 4096

export function tail(lines: string[]): string {
  const bytes = Buffer.from(lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`)).join(''))
  return bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)).toString('base64')
}
