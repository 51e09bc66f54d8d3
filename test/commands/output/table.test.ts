import { table } from '../../../lib/commands/output/table'

const columns = [{ name: 'TASK' }, { name: 'TOOK', align: 'right' as const }, { name: 'WHY' }]
const plain = { width: 40, colour: false }

it('aligns its columns, numbers to the right, without blanks at the end', () => {
  expect(
    table(
      columns,
      [
        ['load', '1.5 s', ''],
        ['nightly-report', '12.0 s', 'paused'],
      ],
      plain,
    ),
  ).toEqual(['TASK              TOOK  WHY', 'load             1.5 s', 'nightly-report  12.0 s  paused'])
})

it('cuts the last column to the terminal, and no name', () => {
  const [, row] = table(columns, [['nightly-report', '12.0 s', 'line 118: no such table: orders']], plain)
  expect(row).toBe('nightly-report  12.0 s  line 118: no su…')
  expect(row).toHaveLength(40)
  const name = 'x'.repeat(64)
  expect(table(columns, [[name, '', 'a long reason indeed']], plain)[1]).toBe(`${name}        a long reas…`)
})

it('colours cells without moving what stands behind them', () => {
  const rows = [[{ text: 'a', code: 31 }, '', 'x']]
  const [head, row] = table(columns, rows, { ...plain, colour: true })
  expect(head).toContain('\u001b[1mTASK\u001b[0m')
  expect(row).toBe('\u001b[31ma\u001b[0m           x')
})

it('lets no cell bring a second line or move the cursor', () => {
  expect(table(columns, [['a', '', '\u001b[2Jone\ntwo\u0007']], plain)[1]).toBe('a           one')
})
