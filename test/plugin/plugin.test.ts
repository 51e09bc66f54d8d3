import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import SlipstreamPlugin = require('../../lib/plugin')

import { dev } from '../../lib/plugin/dev'
import { fakeServerless } from './support/fake-serverless'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'slipstream-plugin-'))
  writeFileSync(join(dir, 'load.js'), 'exports.handler = async () => {}')
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const TASKS = { load: { function: 'load', schedule: 'every 1 hour' } }

function plugin(serverless: ReturnType<typeof fakeServerless>, options = {}) {
  const warnings: string[] = []
  const made = new SlipstreamPlugin(serverless, options, {
    log: { warning: (message) => warnings.push(message) },
  })
  return { hooks: made.hooks, warnings }
}

test('initialize may run twice', async () => {
  const serverless = fakeServerless(dir, { load: { handler: 'load.handler' } }, { tasks: TASKS })
  const { hooks } = plugin(serverless)
  await hooks.initialize()
  const once = structuredClone({
    functions: serverless.service.functions,
    package: serverless.service.package,
  })
  await hooks.initialize()
  expect({ functions: serverless.service.functions, package: serverless.service.package }).toEqual(once)
  expect(once.functions['load']?.handler).toBe('.slipstream/wrap/load/index.handler')
  expect(once.package.patterns).toEqual([
    '!.slipstream/**',
    '.slipstream/wrap/load/index.cjs',
    '.slipstream/wrap/_runtime.cjs',
  ])
})

test('a service without tasks is left as it is', async () => {
  const serverless = fakeServerless(dir, { load: { handler: 'load.handler' } }, {})
  const { hooks } = plugin(serverless)
  await hooks.initialize()
  await hooks['package:compileEvents']()
  expect(Object.keys(serverless.service.functions)).toEqual(['load'])
  expect(serverless.service.functions['load']?.handler).toBe('load.handler')
  expect(serverless.service.package).toEqual({})
  expect(serverless.service.provider.compiledCloudFormationTemplate.Resources).toEqual({})
})

test('an artifact that is already built is not wrapped, even when its function is a wrapped target', async () => {
  const functions = { load: { handler: 'load.handler', package: { artifact: 'load.zip' } } }
  const tasks = { load: { ...TASKS.load, target: 'wrapped' } }
  const serverless = fakeServerless(dir, functions, { tasks })
  await plugin(serverless).hooks.initialize()
  expect(serverless.service.functions['load']?.handler).toBe('load.handler')
})

test('a role that is made of the statements of one function is given what its target needs', async () => {
  const functions = { load: { handler: 'load.handler', iamRoleStatements: ['of the user'] } }
  const serverless = fakeServerless(dir, functions, { tasks: TASKS })
  const { hooks, warnings } = plugin(serverless)
  await hooks.initialize()
  await hooks['package:compileEvents']()
  expect(serverless.service.functions['load']?.iamRoleStatements).toEqual([
    'of the user',
    expect.objectContaining({ Action: expect.arrayContaining(['logs:CreateLogStream']) }),
    expect.objectContaining({ Action: ['lambda:InvokeFunction'] }),
  ])
  expect(warnings).toEqual([])
})

test('our own functions are not deployed alone, those of the user are', async () => {
  const deploying = async (key: string) => {
    const serverless = fakeServerless(dir, { load: { handler: 'load.handler' } }, { tasks: TASKS })
    const { hooks } = plugin(serverless, { function: key })
    await hooks.initialize()
    await hooks['before:deploy:function:initialize']()
  }
  await expect(deploying('slipstreamChecker')).rejects.toMatchObject({ code: 'SLIPSTREAM_OWN_FUNCTION' })
  await expect(deploying('load')).resolves.toBeUndefined()
})

test('what sls tasks dev has to say of a wrong option is a message without a stack trace', async () => {
  const options = { serviceDir: dir, service: 'shop', stage: 'dev', region: 'us-east-1', port: 'first' }
  await expect(dev(options)).rejects.toMatchObject({ name: 'ServerlessError', code: 'SLIPSTREAM_DEV' })
})
