// Packs the package as npm would publish it, looks what is in it, and packages a service with nothing but what is in that archive.
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Another version of the framework than the one that is installed here, as the path of its command.
const [framework] = process.argv.slice(2)
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = mkdtempSync(join(tmpdir(), 'slipstream-package-'))
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

/** Every path that package.json promises. */
const promised = (value) =>
  typeof value === 'string' ? [value.replace(/^\.\//, '')] : Object.values(value ?? {}).flatMap(promised)

function checkContents(files) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const paths = files.map(({ path }) => path)
  const { exports, main, types, bin } = manifest
  const missing = promised({ exports, main, types, bin, licence: 'LICENSE', changes: 'CHANGELOG.md' })
    .concat('README.md', 'dist/wrapper/runtime.js', 'dist/page/index.html')
    .concat(['dispatcher', 'checker', 'alerter'].map((handler) => `dist/handlers/${handler}.js`))
    .filter((path) => !paths.includes(path))
  if (missing.length > 0) throw new Error(`the package lacks ${missing.join(', ')}`)
  const own = /^(dist\/|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/
  const stray = paths.filter((path) => !own.test(path) || /^dist\/(lib\/simulate|test)\//.test(path))
  if (stray.length > 0) throw new Error(`the package has what nobody needs: ${stray.slice(0, 5).join(', ')}`)
  const changes = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
  if (!changes.includes(`## [${manifest.version}]`))
    throw new Error(`CHANGELOG.md says nothing of ${manifest.version}`)
  if (!/\^20\.\d+/.test(manifest.engines.node)) throw new Error('engines names no Node.js 20')
}

try {
  const [packed] = JSON.parse(
    run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root),
  )
  checkContents(packed.files)
  const service = join(folder, 'service')
  cpSync(join(root, 'test', 'fixtures', 'commonjs'), service, { recursive: true })

  // Beside the service, so that the framework does not pack them
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  for (const name of readdirSync(join(root, 'node_modules')))
    if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(modules, name))
  const installed = join(modules, 'serverless-slipstream')
  mkdirSync(installed)
  run('tar', ['-xzf', join(folder, packed.filename), '-C', installed, '--strip-components', '1'], folder)

  const command = framework ?? join(modules, 'serverless', 'bin', 'serverless.js')
  run(process.execPath, [command, 'package'], service)
  const template = join(service, '.serverless', 'cloudformation-template-update-stack.json')
  if (!existsSync(template)) throw new Error(`sls package made no template at ${template}`)
  run(process.execPath, ['--eval', "require('serverless-slipstream/task').task(async () => {})"], service)
  run(process.execPath, [join(installed, 'dist', 'lib', 'bin.js'), '--help'], folder)
  process.stdout.write(
    `${packed.filename}: ${packed.entryCount} files, ${Math.round(packed.size / 1024)} kB\n`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
