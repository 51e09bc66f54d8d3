/**
 * The lines as plain DOM, all of them, so that the browser's own search finds each. Blocks that are not seen cost
 * nothing: the browser skips them (`content-visibility`), and each says how high it is until it is drawn. Made by hand
 * and not by the view library, which would compare 20,000 rows at each change. Text only ever becomes text nodes.
 */
import { parseAnsi } from './ansi'
import { jsonToggle } from './json'
import { LEVELS, type Line, type ShownLevel } from './line'

const BLOCK = 100
/** As in log.css (pixels). */
const ROW_HEIGHT = 20
/** A line that is longer is cut, with a button for the rest: one of a megabyte takes seconds to lay out. */
const LONGEST = 10_000

type Block = { element: HTMLElement; rows: Record<ShownLevel, number>; count: number }

export class Screen {
  readonly lines: Line[] = []
  readonly counts = Object.fromEntries(LEVELS.map((level) => [level, 0])) as Record<ShownLevel, number>
  readonly #rows: HTMLElement[] = []
  readonly #blocks: Block[] = []
  #shown: ReadonlySet<ShownLevel> | undefined
  #wrap = true
  #marked: [number, number] | undefined

  constructor(
    readonly host: HTMLElement,
    private hrefOf: (line: number) => string,
    private timeOf: (line: Line) => string,
  ) {}

  append(lines: readonly Line[]): void {
    for (const line of lines) {
      let block = this.#blocks.at(-1)
      if (!block || block.count === BLOCK) block = this.addBlock()
      const row = this.draw(line)
      block.element.append(row)
      block.count++
      block.rows[line.level] += line.rows
      this.lines.push(line)
      this.#rows.push(row)
      this.counts[line.level]++
    }
    for (const block of this.#blocks.slice(-1 - Math.ceil(lines.length / BLOCK))) this.measure(block)
  }

  /** Only these levels; undefined: all. */
  show(levels: ReadonlySet<ShownLevel> | undefined): void {
    this.#shown = levels
    for (const level of LEVELS) this.host.classList.toggle(`hide-${level}`, levels?.has(level) === false)
    for (const block of this.#blocks) this.measure(block)
  }

  isShown({ level }: Line): boolean {
    return this.#shown?.has(level) !== false
  }

  setWrap(wrap: boolean): void {
    this.#wrap = wrap
    this.host.classList.toggle('wrap', wrap)
    for (const block of this.#blocks) this.measure(block)
  }

  setTime(timeOf: (line: Line) => string): void {
    this.timeOf = timeOf
    this.#rows.forEach((row, index) => {
      const line = this.lines[index]
      const cell = row.children[1]
      if (line && cell) cell.textContent = timeOf(line)
    })
  }

  /** The lines of the URL, numbers as verdicts count them; both included. */
  mark(range: [number, number] | undefined): void {
    for (const [from, to, on] of [
      [...(this.#marked ?? [0, -1]), false],
      [...(range ?? [0, -1]), true],
    ] as [number, number, boolean][])
      for (let number = from; number <= to; number++) this.rowOf(number)?.classList.toggle('marked', on)
    this.#marked = range
  }

  rowOf(number: number): HTMLElement | undefined {
    return this.#rows[number - 1]
  }

  /** The part of a row that a search looks at. */
  textOf(number: number): Element | undefined {
    return this.rowOf(number)?.children[3]
  }

  scrollTo(number: number): void {
    const row = this.rowOf(number)
    // What is above is drawn only now, and may be higher than it said.
    row?.scrollIntoView({ block: 'center' })
    requestAnimationFrame(() => row?.scrollIntoView({ block: 'center' }))
  }

  /** The same, unless it is seen already. */
  reveal(number: number): void {
    const row = this.rowOf(number)?.getBoundingClientRect()
    const pane = this.host.getBoundingClientRect()
    if (row && (row.top < pane.top || row.bottom > pane.bottom)) this.scrollTo(number)
  }

  private addBlock(): Block {
    const element = document.createElement('div')
    element.className = 'log-block'
    this.host.append(element)
    const rows = Object.fromEntries(LEVELS.map((level) => [level, 0])) as Record<ShownLevel, number>
    const block = { element, rows, count: 0 }
    this.#blocks.push(block)
    return block
  }

  private measure({ element, rows }: Block): void {
    const shown = LEVELS.reduce(
      (sum, level) => sum + (this.#shown?.has(level) === false ? 0 : rows[level]),
      0,
    )
    const height = `${shown * ROW_HEIGHT}px`
    // Lines that wrap are higher; then the browser remembers how high a block was when it was drawn.
    element.style.setProperty('contain-intrinsic-block-size', this.#wrap ? `auto ${height}` : height)
  }

  private draw(line: Line): HTMLElement {
    const row = document.createElement('div')
    row.className = `log-line lv-${line.level}${line.counts ? ' counts' : ''}`
    const number = document.createElement('a')
    number.className = 'no'
    number.href = this.hrefOf(line.number)
    number.tabIndex = -1
    number.dataset['line'] = String(line.number)
    number.textContent = String(line.number)
    const time = document.createElement('span')
    time.className = 'ts'
    time.textContent = this.timeOf(line)
    const level = document.createElement('span')
    level.className = 'lv'
    level.textContent = line.level === 'NONE' ? '' : line.level
    const text = document.createElement('span')
    text.className = 'tx'
    this.fill(text, line.text)
    row.append(number, time, level, text)
    const toggle = jsonToggle(line.text, (shown) => this.fill(text, shown))
    if (toggle) row.append(toggle)
    return row
  }

  private fill(element: HTMLElement, text: string): void {
    if (text.length <= LONGEST) {
      element.replaceChildren(...nodesOf(text))
      return
    }
    const rest = document.createElement('button')
    rest.type = 'button'
    rest.className = 'link rest'
    rest.textContent = `… ${(text.length - LONGEST).toLocaleString('en')} more characters`
    rest.onclick = () => element.replaceChildren(...nodesOf(text))
    element.replaceChildren(...nodesOf(text.slice(0, LONGEST)), rest)
  }
}

function nodesOf(text: string): Node[] {
  return parseAnsi(text).map(({ text: part, classes }) => {
    const node = document.createTextNode(part)
    if (classes === '') return node
    const span = document.createElement('span')
    span.className = classes
    span.append(node)
    return span
  })
}
