/** What runs inside Lambda as the build made it, held against the same clients as they come out of the AWS SDK. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build, stop } from 'esbuild'
import { built, PACKAGE_ROOT } from '../../lib/paths'

const BUNDLES = ['handlers/dispatcher.js', 'handlers/checker.js', 'handlers/alerter.js', 'wrapper/runtime.js']
/** Of the credential chain on a person's machine: the clients of STS, SSO, its tokens and sign-in, and shared files. */
const CHAIN = [
  'AssumeRoleWithWebIdentity',
  'GetRoleCredentials',
  'CreateToken',
  'CreateOAuth2Token',
  'sso_session',
]
/** Of operations that we never call: Lambda's, of which esbuild by itself keeps all. */
const TABLES = ['CreateFunctionRequest', 'PublishLayerVersionRequest']

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

/** Which of them are in a bundle, as whole words. */
const found = (words: string[], text: string) =>
  words.filter((word) => new RegExp(`\\b${word}\\b`).test(text))

test('the words that are looked for stand in a bundle of the clients as they are', () => {
  expect(found([...CHAIN, ...TABLES], stock)).toEqual([...CHAIN, ...TABLES])
})

test.each(BUNDLES)(
  '%s has no client of the default credential chain, and no operation that is never called',
  (file) => {
    const text = readFileSync(built(file), 'utf8')
    expect(found([...CHAIN, ...TABLES], text)).toEqual([])
  },
)

// Our own code and libraries come to less than what the build leaves out of the SDK; what is 1.1 here would be noticed.
test.each(['handlers/dispatcher.js', 'handlers/checker.js'])('%s is at most 1.1 times as large', (file) => {
  expect(readFileSync(built(file)).byteLength / Buffer.byteLength(stock)).toBeLessThanOrEqual(1.1)
})
