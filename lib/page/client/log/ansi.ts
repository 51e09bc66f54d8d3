/** The colours that a program wrote for a terminal, as classes; what else moves a terminal is left out. */

export type Segment = { text: string; classes: string }

// CSI and OSC sequences and other escapes of two characters (ECMA-48), then what is left of control characters but tabs
// and line ends.
const ESCAPES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are control characters
  /\u001b\[([0-9;:]*)m|\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[@-Z\\-_]?|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']

type Style = {
  colour?: string | undefined
  back?: string | undefined
  bold?: boolean
  dim?: boolean
  italic?: boolean
  underline?: boolean
}

/** Gives one segment, without classes, for a text that has no escapes. */
export function parseAnsi(text: string): Segment[] {
  const segments: Segment[] = []
  let style: Style = {}
  let last = 0
  const push = (part: string) => {
    if (part === '') return
    const classes = classesOf(style)
    const before = segments.at(-1)
    if (before?.classes === classes) before.text += part
    else segments.push({ text: part, classes })
  }
  for (const match of text.matchAll(ESCAPES)) {
    push(text.slice(last, match.index))
    if (match[1] !== undefined) style = applied(style, match[1])
    last = match.index + match[0].length
  }
  push(text.slice(last))
  return segments
}

/** Select Graphic Rendition (ECMA-48, 8.3.117). Of 256 and true colours the number is read over, and they are not drawn. */
function applied(before: Style, codes: string): Style {
  const style = { ...before }
  const numbers = codes.split(/[;:]/).map(Number)
  for (let index = 0; index < numbers.length; index++) {
    const code = numbers[index] ?? 0
    if (code === 0) for (const name of Object.keys(style) as (keyof Style)[]) delete style[name]
    else if (code === 1) style.bold = true
    else if (code === 2) style.dim = true
    else if (code === 3) style.italic = true
    else if (code === 4) style.underline = true
    else if (code === 22) style.bold = style.dim = false
    else if (code === 23) style.italic = false
    else if (code === 24) style.underline = false
    else if (code === 39) style.colour = undefined
    else if (code === 49) style.back = undefined
    else if (code === 38 || code === 48) index += numbers[index + 1] === 5 ? 2 : 4
    else if (code >= 30 && code <= 37) style.colour = COLOURS[code - 30]
    else if (code >= 90 && code <= 97) style.colour = COLOURS[code - 90]
    else if (code >= 40 && code <= 47) style.back = COLOURS[code - 40]
    else if (code >= 100 && code <= 107) style.back = COLOURS[code - 100]
  }
  return style
}

function classesOf({ colour, back, bold, dim, italic, underline }: Style): string {
  return [
    colour && `ansi-${colour}`,
    back && `ansi-on-${back}`,
    bold && 'ansi-bold',
    dim && 'ansi-dim',
    italic && 'ansi-italic',
    underline && 'ansi-underline',
  ]
    .filter(Boolean)
    .join(' ')
}

/** As it is read: without escapes. */
export function plain(text: string): string {
  return text.replace(ESCAPES, '')
}
