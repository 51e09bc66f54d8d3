// Packs the package as npm would publish it and packages a service with nothing but what is in that archive.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = mkdtempSync(join(tmpdir(), 'slipstream-package-'))
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

try {
  const [packed] = JSON.parse(
    run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root),
  )
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

  run(process.execPath, [join(modules, 'serverless', 'bin', 'serverless.js'), 'package'], service)
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
