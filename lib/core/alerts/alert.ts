/** An alert as it is told: which task, which tick, what is the matter, the lines that say it, and how to see more. */
import { createJudge } from '../lines'
import { RECORD_START } from '../log-record'
import { readStream, type Step, WHOLE } from '../protocol/effect'
import { type RunRecord, readRecord } from '../protocol/record'
import { runJson } from '../run-json'
import { verdictSentence } from '../sentence'
import { oneLine } from '../text'
import type { AlertKind } from './policy'
import type { Owed } from './state'

export type Alert = {
  /** `SERVICE-STAGE` */
  service: string
  kind: AlertKind
  task: string
  /** ISO 8601. */
  tick: string
  reminder: boolean
  /** Status and what decided it. */
  sentence: string
  /** Of the log: what failed it, else its last lines. */
  lines: string[]
  /** What shows more. */
  command: string
  /** As `tasks runs --json` tells it; none where there is no run. */
  run?: Record<string, unknown>
}

const LINES = 5
/** Of one of them, in characters. */
const LINE = 300

export function* alertOf(ctx: { prefix: string; stage: string }, task: string, owed: Owed): Step<Alert> {
  const { kind, tick, hasRun, text, reminder, over = [], since } = owed
  const record = hasRun ? yield* readRecord(task, tick) : undefined
  const spoken = text ?? (record === undefined ? kind.toUpperCase() : verdictSentence(record))
  const was = since === undefined ? '' : `, after ${over.join(' and ')} since ${since}`
  return {
    service: ctx.prefix,
    kind,
    task,
    tick: record?.scheduledAt ?? tick,
    reminder: reminder === true,
    sentence: `${spoken}${was}`,
    lines: record && kind !== 'recovered' ? yield* linesOf(record) : [],
    command: commandFor(ctx.stage, task, kind, record),
    ...(record === undefined ? {} : { run: runJson(record) }),
  }
}

function commandFor(stage: string, task: string, kind: AlertKind, record: RunRecord | undefined): string {
  const what =
    record?.logStream !== undefined
      ? `logs --task ${task} --run ${record.run}`
      : kind === 'missed'
        ? 'check'
        : `show --task ${task}`
  return `sls tasks ${what} --stage ${stage}`
}

function* linesOf({ logGroup, logStream, definition }: RunRecord): Step<string[]> {
  if (logStream === undefined) return []
  const stored = yield* readStream({ logGroup, logStream }, 'head', WHOLE)
  const lines = stored.map(({ message }) => message).filter((line) => !line.startsWith(RECORD_START))
  const judge = createJudge(definition)
  const failing = lines.filter((text) => judge({ text }) !== undefined)
  const shown = failing.length > 0 ? failing.slice(0, LINES) : lines.slice(-LINES)
  return shown.map((line) => [...oneLine(line)].slice(0, LINE).join(''))
}
