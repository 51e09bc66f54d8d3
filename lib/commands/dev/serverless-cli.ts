import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

export type ServerlessCli = { script: string; name: string; version: string }

/**
 * The Serverless that deploys: the service's own where it has one (a global one hands over to it), else the one that
 * runs now. Throws, with what to do, for one that does not follow AWS_ENDPOINT_URL.
 */
export function findServerless(serviceDir: string, running: string): ServerlessCli {
  const root = installed(serviceDir) ?? packageOf(dirname(realpathSync(running)))
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as ServerlessCli
  const major = Number(version.split('.')[0])
  if (name !== 'osls' || major < 4) {
    const why =
      name === 'serverless' && major >= 4
        ? 'asks for an account of its own before it deploys'
        : 'does not follow AWS_ENDPOINT_URL and would deploy to your AWS account'
    throw new Error(
      `\`sls tasks dev\` deploys to this machine, but ${name} ${version} ${why}. ` +
        'Use osls 4 or later: npm install --save-dev serverless@npm:osls@^4',
    )
  }
  return { script: join(root, 'bin', 'serverless.js'), name, version }
}

function installed(from: string): string | undefined {
  const here = join(from, 'node_modules', 'serverless')
  if (existsSync(join(here, 'package.json'))) return realpathSync(here)
  return dirname(from) === from ? undefined : installed(dirname(from))
}

function packageOf(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  if (dirname(folder) === folder) throw new Error('cannot tell which Serverless is running')
  return packageOf(dirname(folder))
}
