import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
