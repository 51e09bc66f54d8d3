import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type FixtureService, packaged } from './support/package-fixture'

/** Unpacks an artifact and calls its handler in a process of its own, as Lambda would without our payload. */
function invoke(service: FixtureService, artifact: string, file: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'slipstream-artifact-'))
  try {
    for (const [name, content] of Object.entries(service.artifact(artifact))) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), content)
    }
    const script = `
      const load = import(${JSON.stringify(pathToFileURL(join(folder, file)).href)})
      const callback = (error, value) => console.log(JSON.stringify(value))
      load.then((module) => module.handler({ name: 'monday' }, {}, callback)?.then((value) => callback(null, value)))`
    return JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('a service in TypeScript, through serverless-esbuild', () => {
  const { service } = packaged('typescript')

  test('has each target bundled through its wrapper, alone in its artifact', () => {
    expect(service.artifacts().sort()).toEqual(['load.zip', 'loadAll.zip', 'other.zip'])
    expect(Object.keys(service.artifact('load.zip'))).toEqual(['.slipstream/wrap/load/index.js'])
    expect(Object.keys(service.artifact('loadAll.zip'))).toEqual(['.slipstream/wrap/loadAll/index.js'])
    expect(service.resources()['LoadLambdaFunction']?.Properties['Handler']).toBe(
      '.slipstream/wrap/load/index.handler',
    )
  })

  test('leaves a function alone that is no target', () => {
    expect(Object.keys(service.artifact('other.zip'))).toEqual(['src/other.js'])
    expect(service.resources()['OtherLambdaFunction']?.Properties).toMatchObject({
      Handler: 'src/other.handler',
    })
    expect(service.resources()['OtherLambdaFunction']?.Properties).not.toHaveProperty('RecursiveLoop')
  })

  test('answers as before when it is invoked without our payload', () => {
    expect(invoke(service, 'load.zip', '.slipstream/wrap/load/index.js')).toBe('loaded monday')
  })

  test('has our own functions in artifacts that are already built', () => {
    expect(Object.keys(service.artifact('slipstreamDispatcher.zip', '.slipstream/artifacts'))).toEqual([
      'dispatcher.js',
    ])
    expect(service.resources()['SlipstreamDispatcherLambdaFunction']?.Properties).toMatchObject({
      Handler: 'dispatcher.handler',
      Code: { S3Key: expect.stringMatching(/slipstreamDispatcher\.zip$/) },
    })
  })
})

describe('a service in TypeScript that is bundled to ES modules', () => {
  const { service } = packaged('typescript', {
    append: 'custom: { esbuild: { format: esm, outputFileExtension: .mjs } }',
  })

  test('answers as before when it is invoked without our payload', () => {
    expect(invoke(service, 'load.zip', '.slipstream/wrap/load/index.mjs')).toBe('loaded monday')
  })
})

describe('a service in plain CommonJS, packaged function by function', () => {
  const { service } = packaged('commonjs')

  test('has what was generated for a target in its artifact, and nothing of it in another', () => {
    expect(Object.keys(service.artifact('load.zip')).sort()).toEqual([
      '.slipstream/wrap/_runtime.cjs',
      '.slipstream/wrap/load/index.cjs',
      'src/jobs/load.js',
      'src/other.js',
    ])
    expect(Object.keys(service.artifact('other.zip')).sort()).toEqual(['src/jobs/load.js', 'src/other.js'])
  })

  test('has a handler with a callback that answers as before', () => {
    expect(invoke(service, 'load.zip', '.slipstream/wrap/load/index.cjs')).toBe('loaded monday')
  })

  test('gives the same artifact of ours when it is packaged again', async () => {
    const before = service.artifact('slipstreamChecker.zip', '.slipstream/artifacts')
    expect(await service.sls('package')).toMatchObject({ code: 0 })
    expect(service.artifact('slipstreamChecker.zip', '.slipstream/artifacts')).toEqual(before)
    expect(Object.keys(service.artifact('load.zip'))).toHaveLength(4)
  }, 60_000)
})

describe('a service in ES modules, packaged in one', () => {
  const { service } = packaged('esm')

  test('has what was generated for its targets in its one artifact', () => {
    expect(Object.keys(service.artifact('esm.zip')).sort()).toEqual([
      '.slipstream/wrap/_runtime.cjs',
      '.slipstream/wrap/load/index.cjs',
      '.slipstream/wrap/module/index.cjs',
      'package.json',
      'src/load.js',
      'src/module.mjs',
    ])
  })

  test('answers as before, with a top-level await too', () => {
    expect(invoke(service, 'esm.zip', '.slipstream/wrap/load/index.cjs')).toBe('loaded monday')
    expect(invoke(service, 'esm.zip', '.slipstream/wrap/module/index.cjs')).toBe('module monday')
  })

  test('is invoked by sls invoke local as before', async () => {
    const { code, output } = await service.sls(
      'invoke',
      'local',
      '-f',
      'load',
      '--data',
      '{"name":"tuesday"}',
    )
    expect(output).toContain('"loaded tuesday"')
    expect(code).toBe(0)
  }, 60_000)
})
