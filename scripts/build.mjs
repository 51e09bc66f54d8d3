// Builds dist/: the library file by file with tsc, then what runs inside Lambda as bundles of their own.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc')

rmSync(join(root, 'dist'), { recursive: true, force: true })
execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' })
const python = join('lib', 'engine', 'lambda', 'runtime', 'python.py')
cpSync(join(root, python), join(root, 'dist', python))

const lambda = {
  'handlers/dispatcher': 'handlers/dispatcher.ts',
  'handlers/checker': 'handlers/checker.ts',
  'wrapper/runtime': 'lib/wrapper/runtime.ts',
}
await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(Object.entries(lambda).filter(([, file]) => existsSync(join(root, file)))),
  outdir: 'dist',
  bundle: true,
  minify: true,
  keepNames: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
})
