import { StringDecoder } from 'node:string_decoder'

/** First character of a line in which a runtime tells more than text: the rest is a JSON object. */
const FRAME = '\u001e'

type Frame = { line?: string; end?: string }

/**
 * Cuts what a process writes into log events: a line each, or what a runtime framed as one event (`line`), and finds
 * the mark with which a runtime says that nothing of an invocation is still on its way (`end`).
 */
export class Output {
  private readonly decoder = new StringDecoder('utf8')
  private rest = ''

  constructor(
    private readonly onLine: (line: string) => void,
    private readonly onEnd: (requestId: string) => void,
  ) {}

  write(chunk: Buffer): void {
    const lines = (this.rest + this.decoder.write(chunk)).split('\n')
    this.rest = lines.pop() ?? ''
    for (const line of lines) this.take(line)
  }

  /** What stands there without a line break when the process has ended. */
  end(): void {
    if (this.rest !== '') this.take(this.rest)
    this.rest = ''
  }

  private take(line: string): void {
    const at = line.indexOf(FRAME)
    // Text before a frame is a line that lacked its break.
    const text = at === -1 ? line : line.slice(0, at)
    if (text.trim() !== '') this.onLine(text)
    if (at === -1) return
    const frame = parse(line.slice(at + 1))
    if (frame === undefined) this.onLine(line.slice(at + 1))
    else if (frame.end !== undefined) this.onEnd(frame.end)
    else if (frame.line !== undefined && frame.line !== '') this.onLine(frame.line)
  }
}

function parse(json: string): Frame | undefined {
  try {
    const frame: unknown = JSON.parse(json)
    return typeof frame === 'object' && frame !== null ? frame : undefined
  } catch {
    return undefined
  }
}
