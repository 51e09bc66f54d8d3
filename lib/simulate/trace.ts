import type { Agenda } from './agenda'
import { START } from './plan'

const WIDTH = 80
const INDENT = ' '.repeat(15)

/** A history in words, for eighty columns. Runs are called by their short names: T1 is the first tick, M1 the first by hand. */
export class Trace {
  readonly lines: string[] = []
  private readonly names = new Map<string, string>()
  private readonly counts = new Map<string, number>()

  constructor(private readonly agenda: Agenda) {}

  add(who: string, what: string): void {
    this.lines.push(...folded(`${clock(this.agenda.now - START)}  ${who}: ${this.short(what)}`))
  }

  /** Gives a run its short name. */
  name(run: string, letter: 'T' | 'M' | 'B'): void {
    if (this.names.has(run)) return
    const count = (this.counts.get(letter) ?? 0) + 1
    this.counts.set(letter, count)
    this.names.set(run, `${letter}${count}`)
    this.add('run', `${letter}${count} is ${run}`)
  }

  private short(text: string): string {
    let short = text
    for (const [run, name] of this.names)
      if (!text.endsWith(` is ${run}`)) short = short.replaceAll(run, name)
    return short
  }
}

/** `+mm:ss.mmm` since the start of the history. */
function clock(ms: number): string {
  const sign = ms < 0 ? '-' : '+'
  const all = Math.abs(ms)
  const pad = (value: number, width: number) => String(value).padStart(width, '0')
  return `${sign}${pad(Math.floor(all / 60_000), 3)}:${pad(Math.floor(all / 1000) % 60, 2)}.${pad(all % 1000, 3)}`
}

function folded(line: string): string[] {
  const lines: string[] = []
  let rest = line
  while (rest.length > WIDTH) {
    const space = rest.lastIndexOf(' ', WIDTH)
    const cut = space > INDENT.length ? space : WIDTH
    lines.push(rest.slice(0, cut))
    rest = INDENT + rest.slice(cut).trimStart()
  }
  return [...lines, rest]
}
