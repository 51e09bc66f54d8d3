import { forTerminal, wrap } from '../../../lib/commands/output/text'
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

describe('a long text', () => {
  it('is broken at blanks, and a word only where it is longer than a line', () => {
    expect(wrap('FAILED: no such table', 12, 4)).toEqual(['FAILED: no', 'such table'])
    expect(wrap('exactly twelve', 7, 4)).toEqual(['exactly', 'twelve'])
    expect(wrap('abcdefghij k', 4, 4)).toEqual(['abcd', 'efgh', 'ij k'])
    expect(wrap('', 4, 4)).toEqual([''])
  })

  it('is cut in the last line that it may have', () => {
    expect(wrap('one two three four five', 5, 3)).toEqual(['one', 'two', 'thre…'])
  })
})
