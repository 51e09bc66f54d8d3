/** The words of one command, as a POSIX shell splits what the pages use: quotes, no expansion. */
function words(command: string): string[] {
  const found: string[] = []
  for (const [word] of command.matchAll(/(?:'[^']*'|"(?:[^"\\]|\\.)*"|[^\s'"])+/g))
    found.push(
      word.replace(
        /'([^']*)'|"((?:[^"\\]|\\.)*)"/g,
        (_, single: string | undefined, double = '') => single ?? double.replace(/\\(["\\$`])/g, '$1'),
      ),
    )
  return found
}

/** The commands of a script: joined at `\`, split at `&&` and line ends that stand in no quotes, comments left out. */
export function commandsOf(script: string): string[][] {
  const commands: string[] = ['']
  let quote = ''
  const joined = script.replace(/\\\n/g, ' ')
  for (let at = 0; at < joined.length; at++) {
    const character = joined[at] ?? ''
    if (quote) {
      if (character === quote) quote = ''
    } else if (character === "'" || character === '"') quote = character
    else if (character === '#' && /^\s?$/.test(joined[at - 1] ?? '')) {
      const end = joined.indexOf('\n', at)
      at = end < 0 ? joined.length : end - 1
      continue
    } else if (character === '\n' || joined.startsWith('&&', at)) {
      if (character === '&') at++
      commands.push('')
      continue
    }
    commands[commands.length - 1] += character
  }
  return commands.map(words).filter((command) => command.length > 0)
}
