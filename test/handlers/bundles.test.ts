/** What runs inside Lambda as the build made it, held against the same clients as they come out of the AWS SDK. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build, stop } from 'esbuild'
import { built, PACKAGE_ROOT } from '../../lib/paths'

const BUNDLES = ['handlers/dispatcher.js', 'handlers/checker.js', 'handlers/alerter.js', 'wrapper/runtime.js']
/** What `scripts/lean-sdk.mjs` leaves out, by words that only it has. */
const LEFT_OUT = [
  // The default credential chain: the clients of STS, SSO, its tokens and sign-in, and profiles.
  ...['AssumeRoleWithWebIdentity', 'GetRoleCredentials', 'CreateToken', 'CreateOAuth2Token', 'sso_session'],
  // Of Lambda's operations those that we never call: by itself esbuild keeps them all.
  ...['CreateFunctionRequest', 'PublishLayerVersionRequest'],
  // The codec for streams of events.
  ...[':message-type', 'Truncated event message'],
]

let stock: string

beforeAll(async () => {
  const options = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'scripts/lambda-bundle.json'), 'utf8'))
  const { outputFiles } = await build({
    ...(options as BuildOptions),
    entryPoints: [join(PACKAGE_ROOT, 'bench/targets/bare.ts')],
    write: false,
  })
  stock = outputFiles?.[0]?.text ?? ''
})
// Its process would wait for further builds.
afterAll(stop)

const foundIn = (text: string) => LEFT_OUT.filter((words) => text.includes(words))

test('a bundle of the clients as they are has all that is to be left out', () => {
  expect(foundIn(stock)).toEqual(LEFT_OUT)
})

test.each(BUNDLES)('%s has none of it', (file) => {
  expect(foundIn(readFileSync(built(file), 'utf8'))).toEqual([])
})

test.each(['dispatcher', 'checker'])('the %s is at most 1.1 times as large as that bundle', (handler) => {
  const { byteLength } = readFileSync(built('handlers', `${handler}.js`))
  expect(byteLength / Buffer.byteLength(stock)).toBeLessThanOrEqual(1.1)
})
