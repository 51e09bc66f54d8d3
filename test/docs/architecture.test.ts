import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../lib/paths'
import { readPage, snippetsOf } from './support/snippets'
import { rows, section } from './support/tables'

const page = readPage('docs/architecture.md')
const [{ text: tree = '' } = {}] = snippetsOf('docs/architecture.md').filter(({ label }) => label === 'tree')

/** The folders that the tree names, as paths. */
function named(): string[] {
  let parent = ''
  return tree.split('\n').map((line) => {
    const [, indent = '', name = ''] = /^( *)(\S+)\/ /.exec(line) ?? []
    if (indent === '') parent = name
    return indent === '' ? name : `${parent}/${name}`
  })
}

const folders = (path: string) =>
  readdirSync(join(PACKAGE_ROOT, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${path}/${name}`)

describe('docs/architecture.md', () => {
  it('names every folder of lib, two deep, and none that is not there', () => {
    const ours = folders('lib').flatMap((folder) => [folder, ...folders(folder)])
    expect(
      named()
        .filter((path) => path.startsWith('lib'))
        .sort(),
    ).toEqual(ours.sort())
    for (const path of named()) expect(existsSync(join(PACKAGE_ROOT, path))).toBe(true)
  })

  it('names no file that is not there', () => {
    const files = [...page.matchAll(/`((?:lib|test|docs|handlers|scripts)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    )
    expect(files.length).toBeGreaterThan(30)
    expect(files.filter((path) => !existsSync(join(PACKAGE_ROOT, path)))).toEqual([])
  })

  it('says of ten changes at least where they begin', () => {
    const changes = rows(section(page, 'Where typical changes begin'))
    expect(changes.length).toBeGreaterThanOrEqual(10)
    for (const [, begin = ''] of changes) expect(begin).toMatch(/^`lib\/[\w./-]+\.tsx?`/)
  })
})
