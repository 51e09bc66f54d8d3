import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { INVARIANTS } from '../../lib/simulate/violation'

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'promises.md'), 'utf8')
const named = [...page.matchAll(/\| `([a-z]+(?:-[a-z]+)+)` \|/g)].map(([, name]) => name)

test('docs/promises.md names every invariant of the simulation, and no other', () => {
  expect(named.sort()).toEqual(Object.keys(INVARIANTS).sort())
})
