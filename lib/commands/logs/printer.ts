import type { NumberedLine } from '../../aws/log-reader'
import { createJudge } from '../../core/lines'
import type { RunRecord } from '../../core/protocol/record'
import type { Options } from '../options'
import { logLine, messageOf } from '../output/log-line'
import type { Session } from '../session'
import { type Filter, isWanted } from './filter'

/** A run whose log is asked for; one that was sent a moment ago has no record yet. */
export type LogTarget = { task: string; run: string; record?: RunRecord }

/** Prints the lines that are wanted, and says at the end where there were none. */
export class Printer {
  #read = 0
  #printed = 0
  readonly #judge: (text: string) => boolean

  constructor(
    private readonly session: Session,
    private readonly target: LogTarget,
    private readonly options: Options<'logs'>,
    private readonly filter: Filter,
  ) {
    const judge = createJudge(target.record?.definition ?? { failOn: ['ERROR'], except: [] })
    this.#judge = (text) => judge({ text }) !== undefined
  }

  line(line: NumberedLine, attempt: number): void {
    this.#read++
    if (!isWanted(this.filter, line, this.#judge(line.text))) return
    this.#printed++
    const { io } = this.session
    const { task, run, record } = this.target
    if (this.options.json) {
      const { line: number, time, level = null } = line
      io.out(
        JSON.stringify({
          task,
          run,
          attempt,
          line: number,
          time: new Date(time).toISOString(),
          level,
          message: messageOf(line),
        }),
      )
      return
    }
    const marked = record?.verdict?.line === line.line && attempt === record.attempt
    io.out(logLine(line, { colour: io.colour, marked }))
  }

  end(): void {
    if (this.#printed === 0 && this.#read > 0) this.session.io.say(`0 of ${this.#read} lines matched`)
  }
}
