import { BROKEN } from '../../lib/simulate/broken'
import { command } from '../../lib/simulate/command'
import { INVARIANTS } from '../../lib/simulate/violation'

function run(...args: string[]) {
  const out: string[] = []
  const err: string[] = []
  let time = 0
  const code = command(args, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    clock: () => {
      time += 1000
      return time
    },
  })
  return { code, out, err }
}

test('a search that finds nothing ends with its closing line alone, and with 0', () => {
  const { code, out, err } = run('--seeds', '50', '--from', '7')
  expect(code).toBe(0)
  expect(out).toHaveLength(1)
  expect(out[0]).toMatch(/^50 histories, \d+ events, 50 histories\/s, 0 violations$/)
  expect(err).toEqual([])
})

test.each(['--help', '-h'])('%s prints how it is meant', (option) => {
  const { code, out, err } = run(option)
  expect(code).toBe(0)
  expect(out.join('\n')).toContain('npm run simulate -- [--seeds N]')
  expect(err).toEqual([])
})

test('--break list prints the names, one a line and nothing else', () => {
  const { code, out, err } = run('--break', 'list')
  expect(code).toBe(0)
  expect(out).toEqual(Object.keys(BROKEN))
  expect(out.length).toBeGreaterThanOrEqual(15)
  expect(err).toEqual([])
})

test('a broken variant ends with 1, the name of the invariant, and a history that can be seen again', () => {
  const { code, out } = run('--break', 'no-fence')
  expect(code).toBe(1)
  const [first = ''] = out
  const [invariant = ''] = first.split(' ')
  expect(Object.keys(INVARIANTS)).toContain(invariant)
  expect(out.at(-1)).toMatch(/^\d+ histories, \d+ events, \d+ histories\/s, 1 violations$/)

  const again = out.find((line) => line.includes('npm run simulate -- '))
  const words = again?.split('simulate -- ')[1]?.replaceAll("'", '').split(' ') ?? []
  const replayed = run(...words)
  expect(replayed.code).toBe(1)
  expect(replayed.out.some((line) => line.includes(`BROKEN: ${invariant}`))).toBe(true)
})

test('a history is printed the same each time, in eighty columns', () => {
  const first = run('--seed', '3', '--trace')
  expect(first.code).toBe(0)
  expect(first.out.length).toBeGreaterThan(5)
  expect(first.out).toEqual(run('--seed', '3', '--trace').out)
  expect(first.out.filter((line) => line.length > 80)).toEqual([])
})

test.each([
  [['--break', 'nothing-like-it'], /--break: there is no "nothing-like-it"; --break list prints the names/],
  [['--seeds', '-1'], /--seeds/],
  [['--seeds', 'many'], /--seeds: a whole number from 0 on, got "many"/],
  [['--from', '1.5'], /--from: a whole number from 0 on, got "1.5"/],
  [['--faults', 'gremlins'], /--faults: there is no "gremlins"/],
  [['--trace'], /--trace needs --seed/],
  [['--colour'], /--colour/],
  [['seven'], /seven/],
])('%j is misuse: it is refused with 64 and how it is meant', (args, message) => {
  const { code, out, err } = run(...args)
  expect(code).toBe(64)
  expect(out).toEqual([])
  expect(err.join('\n')).toMatch(message)
  expect(err.join('\n')).toContain('npm run simulate -- [--seeds N]')
})
