import { createInterface } from 'node:readline/promises'

/** Where a command writes and whom it asks. */
export type Io = {
  /** Data: stdout. */
  out(text: string): void
  /** Talk: stderr. */
  say(text: string): void
  /** Columns of a table. */
  width: number
  colour: boolean
  /** Undefined where nobody is there to answer. */
  ask: ((question: string) => Promise<boolean>) | undefined
}

const NARROWEST = 80

/** Of what acts for somebody who looks elsewhere, as on the page. */
export const SILENT: Io = { out() {}, say() {}, width: NARROWEST, colour: false, ask: undefined }

/** Of this process. A table is as wide as the terminal, and 80 columns where its reader is a program. */
export function processIo(): Io {
  const { stdin, stdout, stderr } = process
  return {
    out: (text) => void stdout.write(`${text}\n`),
    say: (text) => void stderr.write(`${text}\n`),
    width: stdout.isTTY ? Math.max(NARROWEST, stdout.columns ?? NARROWEST) : NARROWEST,
    colour: stdout.isTTY === true && !process.env['NO_COLOR'],
    ask: stdin.isTTY && stderr.isTTY ? ask : undefined,
  }
}

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim())
  } finally {
    terminal.close()
  }
}
