import { createJudge } from '../../../core/lines'
import type { LogEnd, LogLine } from '../../api'
import { answerOf, type Refused } from '../net/fetch'
import { type Line, lineOf } from './line'

export type LogState = {
  /** Being read for the first time. */
  loading: boolean
  /** There is more that was not asked for. */
  more: boolean
  missing: boolean
  ended: boolean
  error: Refused | undefined
  count: number
}

type Hooks = {
  /** New lines, at the end of those before. Awaited, so that the screen may keep up. */
  lines: (lines: Line[]) => void | Promise<void>
  state: (state: LogState) => void
}

export type Rules = { failOn: readonly string[]; except: readonly string[] }

/** What a browser shows with ease; beyond it the reader asks for more. */
const EASY = 50_000
const BATCH = 2000
/** Between two looks at a log that is being written (milliseconds). */
const FOLLOW = 1500
const RETRY = 5000

/** Reads a log as far as is easy, or as far as the line that is wanted, and then what is added as long as it is live. */
export class LogSource {
  #next: LogEnd['next'] = { token: null, line: 0 }
  #state: LogState = { loading: true, more: false, missing: false, ended: false, error: undefined, count: 0 }
  #timer: ReturnType<typeof setTimeout> | undefined
  #limit = EASY
  #busy = false
  readonly #stop = new AbortController()
  readonly #judge: (line: { text: string }) => unknown

  constructor(
    private readonly path: string,
    rules: Rules,
    private readonly hooks: Hooks,
    private live: boolean,
    wanted: number,
  ) {
    this.#judge = createJudge(rules)
    this.#limit = Math.max(EASY, wanted + 1000)
    void this.read()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#stop.abort()
  }

  /** Whether it may still grow; what it came to in the end is read once more. */
  setLive(live: boolean): void {
    if (live === this.live) return
    this.live = live
    void this.read()
  }

  loadMore(): void {
    this.#limit = this.#state.count + EASY
    void this.read()
  }

  private async read(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    clearTimeout(this.#timer)
    try {
      let more = true
      while (more && this.#state.count < this.#limit) more = await this.readAnswer()
      this.set({ loading: false, more, error: undefined })
      if (this.live && !this.#state.ended) this.#timer = setTimeout(() => this.read(), FOLLOW)
    } catch (error) {
      if (this.#stop.signal.aborted) return
      this.set({ loading: false, error: error as Refused })
      this.#timer = setTimeout(() => this.read(), RETRY)
    } finally {
      this.#busy = false
    }
  }

  private async readAnswer(): Promise<boolean> {
    const { token, line } = this.#next
    const query = token === null ? '' : `?line=${line}&token=${encodeURIComponent(token)}`
    const { body } = await answerOf(`${this.path}${query}`, { signal: this.#stop.signal })
    if (!body) return false
    let batch: Line[] = []
    const flush = async () => {
      if (batch.length === 0) return
      const lines = batch
      batch = []
      await this.hooks.lines(lines)
      this.set({ count: this.#state.count + lines.length })
    }
    let end: LogEnd | undefined
    for await (const one of objects(body)) {
      if ('next' in one) end = one
      // After an answer that broke off, what came of it comes again.
      else if (one.l <= this.#state.count) continue
      else if (batch.push(lineOf(one, this.#judge)) >= BATCH) await flush()
    }
    if (!end) throw new Error('The log broke off.')
    await flush()
    this.#next = end.next
    this.set({ missing: end.missing, ended: this.#state.ended || end.ended })
    return end.more
  }

  private set(changes: Partial<LogState>): void {
    this.#state = { ...this.#state, ...changes }
    this.hooks.state(this.#state)
  }
}

async function* objects(body: ReadableStream<Uint8Array>): AsyncGenerator<LogLine | LogEnd> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    const parts = (rest + value).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) yield JSON.parse(part) as LogLine | LogEnd
  }
}
