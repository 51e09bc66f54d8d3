// Builds dist/: the library file by file with tsc, then what runs inside Lambda and the page as bundles of their own. The
// new build takes the place of the old one at the end, so that an engine that is running meanwhile finds its files.
import { execFileSync } from 'node:child_process'
import { cpSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { leanSdk } from './lean-sdk.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc')
const next = join(root, 'dist.new')

rmSync(next, { recursive: true, force: true })
execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', next], {
  stdio: 'inherit',
})
const python = join('lib', 'engine', 'lambda', 'runtime', 'python.py')
cpSync(join(root, python), join(next, python))

// What editors are told of tasks: and slipstream:, from the schema that packaging checks them by.
const { jsonSchema } = require(join(next, 'lib', 'plugin', 'config', 'json-schema.js'))
writeFileSync(join(next, 'schema.json'), `${JSON.stringify(jsonSchema(), undefined, 2)}\n`)

await build({
  absWorkingDir: root,
  entryPoints: {
    'handlers/dispatcher': 'handlers/dispatcher.ts',
    'handlers/checker': 'handlers/checker.ts',
    'handlers/alerter': 'handlers/alerter.ts',
    'wrapper/runtime': 'lib/wrapper/runtime.ts',
  },
  outdir: next,
  // The ES modules of the AWS SDK (`mainFields`), of which what is not used can be left out: 40 % smaller, and loaded in
  // half the time. In a file, since the bench bundles bare SDK clients in the same way.
  ...require('./lambda-bundle.json'),
  plugins: [leanSdk],
})

// The page: one HTML file, one script, one style sheet, and nothing from elsewhere.
const client = join('lib', 'page', 'client')
await build({
  absWorkingDir: root,
  entryPoints: { page: join(client, 'main.tsx') },
  outdir: join(next, 'page'),
  bundle: true,
  minify: true,
  platform: 'browser',
  target: ['chrome111', 'firefox115', 'safari16.4'],
  format: 'esm',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  logLevel: 'warning',
})
cpSync(join(root, client, 'index.html'), join(next, 'page', 'index.html'))

rmSync(join(root, 'dist'), { recursive: true, force: true })
renameSync(next, join(root, 'dist'))
