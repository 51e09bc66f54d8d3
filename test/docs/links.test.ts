import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { CommandName } from '../../lib/commands/options'
import { COMMANDS } from '../../lib/commands/table'
import { PACKAGE_ROOT } from '../../lib/paths'
import { PAGES, readPage } from './support/snippets'

const withoutBlocks = (page: string) => readPage(page).replace(/^ *```[\s\S]*?^ *```$/gm, '')

/** As GitHub makes the anchor of a heading. */
const anchorOf = (heading: string) =>
  heading
    .replace(/[`*]/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

const anchors = (page: string) =>
  [...withoutBlocks(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))

describe.each(PAGES)('%s', (page) => {
  it('leads to what is there', () => {
    const dead = [...withoutBlocks(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)].flatMap(
      ([link, to = '', anchor]) => {
        const target = to === '' ? page : join(dirname(page), to)
        if (!existsSync(join(PACKAGE_ROOT, target))) return [link]
        return anchor === undefined || anchors(target).includes(anchor) ? [] : [link]
      },
    )
    expect(dead).toEqual([])
  })

  it('names no command and no option that is not there', () => {
    const wrong = [...withoutBlocks(page).matchAll(/`(?:npx )?sls tasks ([a-z]+)([^`]*)`/g)].flatMap(
      ([code, name = '', rest = '']) => {
        if (name === 'dev') return []
        if (!Object.hasOwn(COMMANDS, name)) return [code]
        const { options } = COMMANDS[name as CommandName]
        const known = Object.entries(options).flatMap(([option, { shortcut }]) => [
          `--${option}`,
          `-${shortcut}`,
        ])
        const unknown = rest.split(/[\s|]+/).filter((word) => /^-/.test(word) && !known.includes(word))
        return unknown.length === 0 ? [] : [code]
      },
    )
    expect(wrong).toEqual([])
  })
})

test('the README leads to every page', () => {
  const missing = PAGES.filter((page) => page !== 'README.md' && !readPage('README.md').includes(`(${page})`))
  expect(missing).toEqual([])
})
