import type { BriefRun } from '../../lib/core/protocol/record'
import { why } from '../../lib/core/sentence'

const skipped = (run: string, blockedBy: string) =>
  ({ run, blockedBy, status: 'SKIPPED', reason: 'overlap' }) as BriefRun

test.each([
  ['2026-03-02T10:00:20.000Z', '2026-03-02T10:00:00.000Z', 'overlap with 10:00:00Z'],
  ['2026-03-02T10:00:20.000Z', '2026-03-02T10:00:05.318Z', 'overlap with 10:00:05.318Z'],
  ['2026-03-02T00:00:20.000Z', '2026-03-01T23:59:00.000Z', 'overlap with 2026-03-01T23:59:00Z'],
])('%s names %s, with its day where that is another', (run, blockedBy, words) => {
  expect(why(skipped(run, blockedBy))).toBe(words)
})
