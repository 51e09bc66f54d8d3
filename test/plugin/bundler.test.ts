import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import SlipstreamPlugin = require('../../lib/plugin')

import type { FrameworkPlugin, FunctionConfig, Service } from '../../lib/plugin/serverless'
import { bundlerOf } from '../../lib/plugin/wrap/bundler'
import { fakeServerless } from './support/fake-serverless'

/** As Serverless 4's own plugin can be told. */
class Esbuild {
  static WillEsBuildRun = () => true
  hooks = {}
}
const BUILT_IN = new Esbuild() as FrameworkPlugin

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'slipstream-bundler-'))
  mkdirSync(join(dir, 'src'))
  for (const file of ['typed.ts', 'plain.js']) writeFileSync(join(dir, 'src', file), '')
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

type Case = [string, string, Partial<FunctionConfig>, Partial<Service>, FrameworkPlugin[], string | undefined]

test.each<Case>([
  ['TypeScript in Serverless 4', 'typed', {}, {}, [BUILT_IN], 'built-in'],
  ['JavaScript in Serverless 4', 'plain', {}, {}, [BUILT_IN], undefined],
  [
    'JavaScript that Serverless 4 is told to build',
    'plain',
    {},
    { build: { esbuild: {} } },
    [BUILT_IN],
    'built-in',
  ],
  ['a function alone that it is told to build', 'plain', { build: 'esbuild' }, {}, [BUILT_IN], 'built-in'],
  ['a function that is built otherwise', 'typed', { build: 'own' }, {}, [BUILT_IN], undefined],
  ['TypeScript where that is turned off', 'typed', {}, { build: { esbuild: false } }, [BUILT_IN], undefined],
  ['an artifact that is given', 'typed', { package: { artifact: 'a.zip' } }, {}, [BUILT_IN], undefined],
  ['serverless-esbuild', 'plain', {}, { plugins: ['serverless-esbuild'] }, [], 'serverless-esbuild'],
  ['serverless-webpack', 'plain', {}, { plugins: ['serverless-webpack'] }, [], 'serverless-webpack'],
  [
    'one that serverless-esbuild skips',
    'plain',
    { skipEsbuild: true },
    { plugins: ['serverless-esbuild'] },
    [],
    undefined,
  ],
  ['neither', 'typed', {}, {}, [{}], undefined],
])('%s', (_, module, config, service, plugins, bundler) => {
  const around = { serviceDir: dir, service: { package: {}, ...service } as Service, plugins }
  expect(bundlerOf({ name: 'f', ...config }, `src/${module}.handler`, around)).toBe(bundler)
})

test('Serverless 4 is given a module that it bundles by itself', async () => {
  const tasks = { load: { function: 'load', schedule: 'every 1 hour' } }
  const serverless = fakeServerless(dir, { load: { handler: 'src/typed.handler' } }, { tasks })
  serverless.pluginManager.plugins.push(BUILT_IN)
  const { hooks } = new SlipstreamPlugin(serverless, {}, { log: { warning: () => {} } })
  await hooks.initialize()
  await hooks.initialize()
  expect(serverless.service.functions['load']?.handler).toBe('.slipstream/wrap/load/index.handler')
  expect(readFileSync(join(dir, '.slipstream/wrap/load/index.ts'), 'utf8')).toContain(
    '"../../../src/typed.ts"',
  )
  expect(serverless.service.functions['load']?.package).toBeUndefined()
  expect(serverless.service.package.patterns).toEqual(['!.slipstream/**'])
})

test('serverless-webpack finds no function of ours among those that it bundles', async () => {
  const tasks = { load: { function: 'load', schedule: 'every 1 hour' } }
  const serverless = fakeServerless(dir, { load: { handler: 'src/plain.handler' } }, { tasks })
  serverless.service.plugins = ['serverless-webpack']
  const { hooks } = new SlipstreamPlugin(serverless, {}, { log: { warning: () => {} } })
  await hooks.initialize()
  const { load, ...ours } = serverless.service.functions
  expect(load?.handler).toBe('.slipstream/wrap/load/index.handler')
  expect(readFileSync(join(dir, '.slipstream/wrap/load/index.js'), 'utf8')).toContain('import(')
  // webpack removes a named import of it, and nothing of its use.
  expect(readFileSync(join(dir, '.slipstream/wrap/_runtime.mjs'), 'utf8')).not.toMatch(
    /import \{ createRequire/,
  )
  expect(Object.keys(ours)).toContain('slipstreamDispatcher')
  for (const { runtime } of Object.values(ours)) expect(runtime).not.toContain('node')
})

test('what is generated is no change to the repository of the service', async () => {
  const tasks = { load: { function: 'load', schedule: 'every 1 hour' } }
  const serverless = fakeServerless(dir, { load: { handler: 'src/plain.handler' } }, { tasks })
  const { hooks } = new SlipstreamPlugin(serverless, {}, { log: { warning: () => {} } })
  await hooks.initialize()
  execFileSync('git', ['init', '--quiet'], { cwd: dir })
  const status = ['status', '--porcelain', '--untracked-files=all']
  expect(execFileSync('git', status, { cwd: dir, encoding: 'utf8' })).not.toContain('.slipstream')
  expect(existsSync(join(dir, '.slipstream/wrap/load/index.cjs'))).toBe(true)
})
