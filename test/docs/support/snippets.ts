import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../../lib/paths'

export type Snippet = {
  page: string
  /** Of its first line, from 1. */
  line: number
  language: string
  /** What stands behind the language, as in `json run-record`: what it is a sample of. */
  label: string
  text: string
}

export const PAGES = [
  'README.md',
  ...readdirSync(join(PACKAGE_ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

export const readPage = (page: string) => readFileSync(join(PACKAGE_ROOT, page), 'utf8')

const FENCE = /^( *)```(.*)$/

/** The fenced blocks of a page, without the indentation of the list that they stand in. */
export function snippetsOf(page: string): Snippet[] {
  const found: Snippet[] = []
  let open: { indent: string; snippet: Snippet; lines: string[] } | undefined
  for (const [index, line] of readPage(page).split('\n').entries()) {
    const [, indent = '', info = ''] = FENCE.exec(line) ?? []
    if (open === undefined) {
      if (!FENCE.test(line)) continue
      const [language = '', label = ''] = info.trim().split(/ +/)
      open = { indent, lines: [], snippet: { page, line: index + 2, language, label, text: '' } }
    } else if (FENCE.test(line)) {
      found.push({ ...open.snippet, text: open.lines.join('\n') })
      open = undefined
    } else open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line)
  }
  if (open) throw new Error(`${page}: the block at line ${open.snippet.line} has no end`)
  return found
}
