import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DUMMY_CREDENTIALS } from '../../../lib/engine/api'
import { PACKAGE_ROOT } from '../../../lib/paths'

export const SLS = join(PACKAGE_ROOT, 'node_modules', 'serverless', 'bin', 'serverless.js')

/** A service in a folder of its own, in which this package is found as an installed one is. */
export class TestService {
  readonly #root = mkdtempSync(join(tmpdir(), 'slipstream-e2e-'))
  readonly dir = join(this.#root, 'service')

  /** For what runs in the service; serverless-esbuild leaves folders there. */
  readonly temporary = join(this.#root, 'tmp')

  constructor() {
    mkdirSync(this.dir)
    mkdirSync(this.temporary)
    // Above the service, so that the framework does not take what is linked for files to be packaged.
    const modules = join(this.#root, 'node_modules')
    mkdirSync(modules)
    symlinkSync(PACKAGE_ROOT, join(modules, 'serverless-slipstream'), 'dir')
    for (const name of ['serverless', 'serverless-esbuild', 'esbuild']) {
      symlinkSync(join(PACKAGE_ROOT, 'node_modules', name), join(modules, name), 'dir')
    }
  }

  /** A file or folder of this repository, at its own place or at `to`. */
  copy(from: string, to = from): this {
    mkdirSync(dirname(join(this.dir, to)), { recursive: true })
    cpSync(join(PACKAGE_ROOT, from), join(this.dir, to), { recursive: true })
    return this
  }

  /** `serverless.yml`; JSON is YAML. */
  configure(configuration: object): this {
    writeFileSync(join(this.dir, 'serverless.yml'), JSON.stringify(configuration, null, 2))
    return this
  }

  /** Changes the text of `serverless.yml`. */
  edit(change: (text: string) => string): void {
    const file = join(this.dir, 'serverless.yml')
    writeFileSync(file, change(readFileSync(file, 'utf8')))
  }

  /** Runs the real command line against an endpoint, as a user in a second terminal does. Rejects where it fails. */
  sls(endpoint: string, ...args: string[]): Promise<string> {
    const child = spawn(process.execPath, [SLS, ...args], {
      cwd: this.dir,
      env: { ...environment(endpoint), TMPDIR: this.temporary, TEMP: this.temporary },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code) =>
        code === 0 ? resolve(output) : reject(new Error(`sls ${args.join(' ')} (${code}):\n${output}`)),
      )
    })
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true })
  }
}

function environment(endpoint: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|SLS|SERVERLESS)_/i.test(name))
  return {
    ...Object.fromEntries(kept),
    AWS_ENDPOINT_URL: endpoint,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: DUMMY_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: DUMMY_CREDENTIALS.secretAccessKey,
    SLS_AWS_MONITORING_FREQUENCY: '100',
    SLS_NOTIFICATIONS_MODE: 'off',
    SLS_TELEMETRY_DISABLED: '1',
    SLS_TRACKING_DISABLED: '1',
  }
}
