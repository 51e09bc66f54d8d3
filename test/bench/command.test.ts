import { command, EXIT, type Output } from '../../bench/command'
import type { Measure } from '../../bench/figure'
import { FIGURES } from '../../bench/figures'

function collected(): Output & { lines: string[]; errors: string[] } {
  const lines: string[] = []
  const errors: string[] = []
  return {
    lines,
    errors,
    out: (line) => void lines.push(line),
    err: (line) => void errors.push(line),
    progress() {},
    colour: false,
  }
}

const good: Measure = async () => ({ value: 1, unit: 'apples', target: '>= 1', ok: true })
const bad: Measure = async () => ({
  value: { red: 1, green: 0 },
  unit: 'apples',
  target: '>= 2',
  ok: false,
  detail: { tree: 'old' },
})
const broken: Measure = async () => {
  throw new Error('no ladder')
}

describe('npm run bench', () => {
  it('has each figure of the documentation', () => {
    expect(Object.keys(FIGURES).sort()).toEqual(
      [
        ...['startDelay', 'throughput', 'calls', 'costPerMillion', 'idleMonth', 'coldLoad', 'bundle'],
        ...['memory', 'memorySizes', 'firstVerdict', 'scale', 'listing', 'simulation'],
      ].sort(),
    )
  })

  it('says plainly what misses its target, and that is no failure', async () => {
    const output = collected()
    expect(await command([], { good, bad }, output)).toBe(EXIT.measured)
    expect(output.lines).toEqual([
      'good  1 apples',
      '  ok, target: >= 1',
      '',
      'bad  apples',
      '  MISSED, target: >= 2',
      '  red: 1',
      '  green: 0',
      '  tree: old',
      '',
    ])
  })

  it('--json prints value, unit, target and ok of each figure, and nothing else', async () => {
    const output = collected()
    await command(['--json'], { good, bad }, output)
    expect(JSON.parse(output.lines.join('\n'))).toEqual({
      good: await good({} as never),
      bad: await bad({} as never),
    })
  })

  it('--only measures these, whatever else there is', async () => {
    const output = collected()
    expect(await command(['--json', '--only', 'good'], { good, broken }, output)).toBe(EXIT.measured)
    expect(Object.keys(JSON.parse(output.lines.join('\n')))).toEqual(['good'])
  })

  it('--only with a figure that does not exist is a clear error before anything is measured', async () => {
    const output = collected()
    expect(await command(['--only', 'good,gooc'], { good, bad }, output)).toBe(EXIT.misuse)
    expect(output.errors.join('\n')).toMatch(/^--only: there is no figure "gooc"; did you mean good\?/)
    expect(output.lines).toEqual([])
  })

  it('--help says how it is meant, and measures nothing', async () => {
    const output = collected()
    expect(await command(['--help'], { good, broken }, output)).toBe(EXIT.measured)
    expect(output.lines.join('\n')).toMatch(/^npm run bench \[-- --json\].*figures of good, broken\n/s)
    expect(output.errors).toEqual([])
  })

  it('goes on where one cannot be measured, and fails in the end', async () => {
    const output = collected()
    expect(await command(['--json'], { broken, good }, output)).toBe(EXIT.failed)
    expect(output.errors).toEqual(['broken could not be measured: no ladder'])
    expect(Object.keys(JSON.parse(output.lines.join('\n')))).toEqual(['good'])
  })

  it('measures once what several figures are made of', async () => {
    let times = 0
    const shared: Measure = async (bench) => ({
      value: await bench.shared('apples', async () => ++times),
      unit: 'apples',
      target: '1',
      ok: true,
    })
    const output = collected()
    await command(['--json'], { one: shared, two: shared }, output)
    expect(JSON.parse(output.lines.join('\n'))).toMatchObject({ one: { value: 1 }, two: { value: 1 } })
  })
})
