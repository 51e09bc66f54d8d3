import type { ServerResponse } from 'node:http'
import { LogReader, type NumberedLine } from '../../aws/log-reader'
import { readRun } from '../../aws/runs'
import { CommandError } from '../../commands/errors'
import { messageOf } from '../../commands/output/log-line'
import type { Session } from '../../commands/session'
import type { LogEnd, LogLine } from '../api'

/** Lines of one answer, at which it stops at the next page's end: what a browser takes in one go. */
const LINES = 20_000

export type LogRequest = {
  task: string
  run: string
  attempt: number
  token: string | undefined
  line: number
}

/** A reader of one attempt's stream. @throws {CommandError} where there is no such attempt */
export async function openLog(
  { clients, names }: Session,
  { task, run, attempt, token, line }: LogRequest,
): Promise<LogReader> {
  const record = await readRun(clients.dynamoDb, names.runsTable, task, run)
  const entry = record?.attempts?.find((one) => one.attempt === attempt)
  if (!record || !entry) throw new CommandError(`${task} ${run} has no attempt ${attempt}`, 'NO_SUCH_ATTEMPT')
  const stream = { logGroup: record.logGroup, logStream: entry.logStream }
  return new LogReader(clients.logs, stream, { token, line })
}

/** Lines as they are read, one JSON object a line, and last where to go on. */
export async function* logAnswer(reader: LogReader): AsyncGenerator<string> {
  let count = 0
  let more = false
  for await (const lines of reader.pages()) {
    yield lines.map((line) => `${JSON.stringify(compact(line))}\n`).join('')
    count += lines.length
    more = count >= LINES
    if (more) break
  }
  const { token, line } = reader.position
  const end: LogEnd = {
    next: { token: token ?? null, line },
    ended: reader.ended,
    more,
    missing: reader.missing,
    ...(reader.verdict === undefined ? {} : { verdict: reader.verdict }),
  }
  yield `${JSON.stringify(end)}\n`
}

function compact({ line, time, level, text }: NumberedLine): LogLine {
  return { l: line, t: time, ...(level === undefined ? {} : { v: level }), x: text }
}

/** The whole log as a file: as it stands in the stream, or a JSON object a line as `tasks logs --json` prints it. */
export async function* logFile(
  reader: LogReader,
  about: { task: string; run: string; attempt: number },
  as: 'text' | 'ndjson',
): AsyncGenerator<string> {
  for await (const lines of reader.pages()) yield lines.map((line) => fileLine(line, about, as)).join('')
}

function fileLine(numbered: NumberedLine, about: object, as: 'text' | 'ndjson'): string {
  const { line, time, level = null, text } = numbered
  const at = new Date(time).toISOString()
  if (as === 'text') return `${at} ${text}\n`
  return `${JSON.stringify({ ...about, line, time: at, level, message: messageOf(numbered) })}\n`
}

/** Writes what is read as fast as it is taken; an error in the middle breaks the answer off, so that it is seen. */
export async function stream(chunks: AsyncIterable<string>, outgoing: ServerResponse): Promise<void> {
  for await (const chunk of chunks) {
    if (outgoing.destroyed) return
    if (!outgoing.write(chunk))
      await new Promise((resolve) => {
        outgoing.once('drain', resolve)
        outgoing.once('close', resolve)
      })
  }
  outgoing.end()
}
