import { forTerminal } from '../../../lib/commands/output/text'
import { oneLine } from '../../../lib/core/text'

describe('a log line in a terminal', () => {
  it('keeps its colours where colours are wanted, and ends them', () => {
    expect(forTerminal('\u001b[32mok\u001b[0m done', true)).toBe('\u001b[32mok\u001b[0m done\u001b[0m')
    expect(forTerminal('\u001b[32mok\u001b[0m done', false)).toBe('ok done')
  })

  it('loses what would move the cursor, clear the screen or set a title', () => {
    expect(forTerminal('\u001b[2J\u001b[1;1Ha\u001b]0;title\u0007b\u001b]8;;http://x\u001b\\c', true)).toBe(
      'abc',
    )
  })

  it('shows other control characters as what they are not', () => {
    expect(forTerminal('a\u0007b\u001bc\u009b1md', true)).toBe('a\ufffdb\ufffdc\ufffd1md')
  })

  it('keeps tabs and line ends, of every kind', () => {
    expect(forTerminal('a\tb\r\nc\rd', false)).toBe('a\tb\nc\nd')
  })
})

it('takes the first line that says something', () => {
  expect(oneLine('\n  Error: broken\n    at body')).toBe('Error: broken')
})
