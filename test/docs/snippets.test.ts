import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { runLine } from '../../lib/commands/dev/run-line'
import { COMMANDS } from '../../lib/commands/table'
import type { Alert } from '../../lib/core/alerts/alert'
import { textOf } from '../../lib/core/alerts/message'
import type { RunRecord } from '../../lib/core/protocol/record'
import { PACKAGE_ROOT } from '../../lib/paths'
import { ids } from '../../lib/plugin/naming'
import { hasPython } from '../support/python'
import { runAws } from './support/aws-cli'
import { checkJson } from './support/json'
import { commandsOf } from './support/shell'
import { parse, startShop } from './support/shop'
import { PAGES, type Snippet, snippetsOf } from './support/snippets'
import { configOf, loadYaml } from './support/yaml'

jest.setTimeout(180_000)

const PACKAGE = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
  name: string
  version: string
  scripts: Record<string, string>
}

/** The commands of the framework that pages show, with their options; the end-to-end tests run them. */
const FRAMEWORK: Record<string, readonly string[]> = {
  deploy: ['--stage', '--region'],
  info: ['--stage'],
  invoke: ['-f', '--stage'],
  logs: ['-f', '--stage'],
  package: ['--stage'],
  remove: ['--stage', '--region'],
}

/** The one that docs/alerts.md shows. */
const ALERT: Alert = {
  service: 'reports-prod',
  kind: 'failed',
  task: 'load',
  tick: '2026-03-02T10:00:00.000Z',
  reminder: false,
  sentence: 'FAILED: line 1 matched failOn ERROR: ERROR no disk',
  lines: ['ERROR no disk'],
  command: 'sls tasks logs --task load --run 2026-03-02T10:00:00.000Z --stage prod',
}

/** Served or started until Ctrl-C, or made on AWS: their options are read, and they have tests of their own. */
const NOT_RUN = ['open', 'check --live']

const withPython = hasPython()

const isHead = (line: string) => /^[A-Z]{2,}(?: {2,}[A-Z]+)*$/.test(line)
const isSentence = (line: string) => line !== '…' && !/^>? +\d+ {2}/.test(line)

/** A line with its times and numbers taken out. */
const shapeOf = (line: string) =>
  line
    .replace(/\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?/g, 'TIME')
    .replace(/[+-]?\d+(?:[:.]\d+)*/g, 'N')
    .trim()

describe('every snippet of the pages', () => {
  let shop: Awaited<ReturnType<typeof startShop>>
  beforeAll(async () => {
    shop = await startShop()
  })
  afterAll(() => shop?.close())

  const snippets = PAGES.flatMap(snippetsOf)

  it.each(
    snippets.map(
      (snippet) => [`${snippet.page}:${snippet.line} ${snippet.language || 'console'}`, snippet] as const,
    ),
  )('%s', async (_, snippet) => check(snippet))

  async function check(snippet: Snippet): Promise<void> {
    const { language, label, text } = snippet
    switch (language) {
      case 'sh':
        for (const words of commandsOf(text)) await command(words)
        return
      case '':
        return session(text)
      case 'yaml':
        return yaml(text)
      case 'json':
        return checkJson(label, JSON.parse(text), shop)
      case 'js':
      case 'ts':
        transformSync(text, { loader: language })
        return
      case 'python':
        if (withPython)
          execFileSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input: text })
        return
      case 'text':
        if (label === 'alert') expect(text.trim()).toBe(textOf(ALERT))
        // architecture.test.ts holds it against the folders.
        else if (label !== 'tree') progress(text)
        return
      default:
        throw new Error(`no test knows what to do with "${language}"`)
    }
  }

  /** Tasks and settings by the plugin's rules; `resources: extensions:` must name resources that the plugin makes. */
  function yaml(text: string): void {
    const { resources, ...rest } = loadYaml(text)
    const extended = Object.keys(resources?.extensions ?? {})
    for (const id of extended) expect(Object.values<unknown>(ids)).toContain(id)
    if (Object.keys(rest).length === 0 && extended.length > 0) return
    expect(rest.tasks ?? rest.slipstream).toBeDefined()
    configOf(text)
  }

  /** A line of a script. Gives what the command wrote, where it was run. */
  async function command(words: readonly string[]): Promise<{ out: string[]; say: string[] } | undefined> {
    const [program = '', ...rest] = words[0] === 'npx' ? words.slice(1) : words
    switch (program) {
      case 'npm':
        return npm(rest)
      case 'aws':
        await runAws(rest, shop.config)
        return
      case 'serverless-slipstream':
        expect(rest).toContain('--service')
        return tasks(rest)
      case 'sls': {
        const [name = '', ...options] = rest
        if (name === 'tasks') return tasks(options)
        const known = FRAMEWORK[name]
        if (!known) throw new Error(`sls ${name} is not in the table of this test`)
        expect(known).toEqual(expect.arrayContaining(options.filter((option) => option.startsWith('-'))))
        return
      }
      default:
        throw new Error(`no test knows the program ${program}`)
    }
  }

  function npm(words: readonly string[]): undefined {
    const [name = '', ...rest] = words
    if (name === 'i') {
      const tarball = `${PACKAGE.name}-${PACKAGE.version}.tgz`
      for (const what of rest.filter((word) => word.includes(PACKAGE.name)))
        if (what !== `${PACKAGE.name}@latest`) expect(what).toMatch(tarball)
    } else if (name === 'run') expect(Object.keys(PACKAGE.scripts)).toContain(rest[0])
    else if (!['ci', 'audit', 'pack'].includes(name)) expect(Object.keys(PACKAGE.scripts)).toContain(name)
    return undefined
  }

  async function tasks(words: readonly string[]) {
    const [name = '', ...rest] = words
    if (name === 'dev') return
    if (!Object.hasOwn(COMMANDS, name)) throw new Error(`there is no command ${name}`)
    const { values } = parse(name as keyof typeof COMMANDS, rest)
    if (NOT_RUN.some((one) => `${name}${values['live'] ? ' --live' : ''}` === one)) return
    const { code, out, say } = await shop.tasks([...words])
    if (name !== 'check' && !shop.exitsWell(code)) throw new Error(`exit code ${code}: ${say.join('\n')}`)
    return { out, say }
  }

  /**
   * `$ command` with what it writes. Heads of tables are held against the real ones, and so is every sentence: times and
   * numbers may be others. Rows, lines of a log and what `…` stands for were what they were for the writer.
   */
  async function session(text: string): Promise<void> {
    const blocks = text.split(/^\$ /m)
    expect(blocks.shift()).toBe('')
    for (const block of blocks) {
      const [line = '', ...shown] = block.trimEnd().split('\n')
      const written = await command(commandsOf(line)[0] ?? [])
      if (written === undefined) continue
      const [head = ''] = shown
      if (isHead(head)) expect(written.out[0]?.trim().split(/ +/)).toEqual(head.trim().split(/ +/))
      const real = [...written.out, ...written.say].join('\n').split('\n').map(shapeOf)
      const sentences = isHead(head) ? shown.filter((one) => one.startsWith('the newest')) : shown
      expect(sentences.filter(isSentence).filter((one) => !real.includes(shapeOf(one)))).toEqual([])
    }
  }

  /** What `sls tasks dev` tells of runs. */
  function progress(text: string): void {
    const lines = text.split('\n').filter((line) => /^\d\d:\d\d:\d\d/.test(line))
    expect(lines).not.toEqual([])
    for (const line of lines) {
      const [, time = '', task = '', status = '', seconds, why] =
        /^(\S+) {2}(\S+) +([A-Z_]+)(?: +([\d.]+) s)?(?: {2}(.+))?$/.exec(line) ?? []
      const at = new Date(2026, 2, 1, ...(time.split(':').map(Number) as [number, number, number])).getTime()
      const [, number, reason = ''] = /^line (\d+): (.*)$/.exec(why ?? '') ?? []
      const run = {
        task,
        run: '',
        status,
        startedAt: new Date(seconds === undefined ? at : at - Number(seconds) * 1000).toISOString(),
        ...(seconds === undefined ? {} : { finishedAt: new Date(at).toISOString() }),
        ...(number === undefined ? {} : { verdict: { rule: 'ERROR', line: Number(number), text: reason } }),
      } as RunRecord
      expect(runLine(run, { taskWidth: task.length, now: at, colour: false })).toBe(line)
    }
  }
})
