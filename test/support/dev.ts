import { join } from 'node:path'
import { built, PACKAGE_ROOT } from '../../lib/paths'
import { startNode } from './child'

/**
 * `sls tasks dev` of the build, in a process of its own, for the service `small` in `folder`, as its plugin starts it.
 * The last line it prints is `ended`, or `failed: ` and why.
 */
export function startDev(folder: string, env: Record<string, string> = {}, port = '0') {
  const options = { serviceDir: folder, service: 'small', stage: 'dev', region: 'us-east-1', port }
  // The deployment is made by the program that this process was started by.
  const serverless = join(PACKAGE_ROOT, 'node_modules', 'serverless', 'bin', 'serverless.js')
  return startNode(
    `process.argv[1] = ${JSON.stringify(serverless)}
    require(${JSON.stringify(built('lib', 'commands', 'dev.js'))}).runDev(${JSON.stringify(options)})
      .then(() => console.log('ended'), (error) => console.log('failed: ' + error.message))`,
    { env: { HOME: folder, ...env } },
  )
}
