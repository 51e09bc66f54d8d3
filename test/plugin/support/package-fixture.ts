import { spawn } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import { PACKAGE_ROOT } from '../../../lib/paths'
import type { CloudFormationResource } from '../../../lib/plugin/serverless'

/** A service of `test/fixtures/`, in a folder of its own from which this package is found as an installed one is. */
export class FixtureService {
  readonly #root = mkdtempSync(join(tmpdir(), 'slipstream-fixture-'))
  readonly #tmp = join(this.#root, 'tmp')
  readonly dir = join(this.#root, 'service')

  constructor(name: string) {
    cpSync(join(PACKAGE_ROOT, 'test', 'fixtures', name), this.dir, { recursive: true })
    // Above the service, so that the framework does not take what is linked for files to be packaged.
    const modules = join(this.#root, 'node_modules')
    mkdirSync(modules)
    mkdirSync(this.#tmp)
    symlinkSync(PACKAGE_ROOT, join(modules, 'serverless-slipstream'), 'dir')
    for (const name of ['serverless-esbuild', 'esbuild']) {
      symlinkSync(join(PACKAGE_ROOT, 'node_modules', name), join(modules, name), 'dir')
    }
  }

  /** Runs the real command line of the framework. */
  async sls(...args: string[]): Promise<{ code: number | null; output: string }> {
    const script = join(PACKAGE_ROOT, 'node_modules', 'serverless', 'bin', 'serverless.js')
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')))
    // The framework leaves temporary folders behind.
    env['TMPDIR'] = this.#tmp
    const child = spawn(process.execPath, [script, ...args], {
      cwd: this.dir,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
    return { code, output }
  }

  resources(): Record<string, CloudFormationResource> {
    const file = join(this.dir, '.serverless', 'cloudformation-template-update-stack.json')
    return JSON.parse(readFileSync(file, 'utf8')).Resources
  }

  /** Names and contents of what is in an artifact. */
  artifact(name: string, folder = '.serverless'): Record<string, Uint8Array> {
    return unzipSync(readFileSync(join(this.dir, folder, name)))
  }

  artifacts(): string[] {
    return readdirSync(join(this.dir, '.serverless')).filter((name) => name.endsWith('.zip'))
  }

  remove(): void {
    rmSync(dirname(this.dir), { recursive: true, force: true })
  }
}

/** A fixture that is packaged before the tests; `append` is put at the end of its `serverless.yml`. */
export function packaged(
  name: string,
  { append = '' } = {},
): { service: FixtureService; output: () => string } {
  const service = new FixtureService(name)
  appendFileSync(join(service.dir, 'serverless.yml'), append)
  let output = ''
  beforeAll(async () => {
    const result = await service.sls('package')
    output = result.output
    if (result.code !== 0) throw new Error(output)
  }, 60_000)
  afterAll(() => service.remove())
  return { service, output: () => output }
}
