/** What the build leaves out of the AWS SDK changes nothing that is sent, and nothing that is made of an answer. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../lib/paths'
import { temporaryFolder } from '../support/engine'

const folder = temporaryFolder()

beforeAll(() => {
  const script = join(PACKAGE_ROOT, 'test/handlers/support/bundle-calls.mjs')
  execFileSync(process.execPath, [script, folder.path])
})
afterAll(() => folder.remove())

/** What `support/calls.ts` prints, as Lambda would run it. */
function calls(bundle: 'stock' | 'lean', environment: Record<string, string>): string {
  return execFileSync(process.execPath, [join(folder.path, `${bundle}.js`)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'session',
      // Which the SDK would take for 3 if it did not find it, and wait.
      AWS_MAX_ATTEMPTS: '1',
      ...environment,
    },
  })
}

test.each([
  ['as Lambda sets it', {}, '"lambda.eu-west-1.amazonaws.com"'],
  ['in another partition', { AWS_REGION: 'cn-north-1' }, '"lambda.cn-north-1.amazonaws.com.cn"'],
  ['of FIPS', { AWS_USE_FIPS_ENDPOINT: 'true' }, '"lambda-fips.eu-west-1.amazonaws.com"'],
  ['of dual stack', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }, '"lambda.eu-west-1.api.aws"'],
  ['of an endpoint', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, '"127.0.0.1"'],
  ["of one service's endpoint", { AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:9' }, '"127.0.0.1"'],
])('makes the same calls in the environment %s', (_, environment, host) => {
  const lean = calls('lean', environment)
  expect(lean).toContain(`"hostname": ${host}`)
  expect(lean).toBe(calls('stock', environment))
})
