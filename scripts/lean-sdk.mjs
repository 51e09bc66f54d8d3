import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const lib = join(dirname(dirname(fileURLToPath(import.meta.url))), 'lib')

/** Modules of the SDK, and the files that take their places; each says why. */
const REPLACED = {
  '@aws-sdk/credential-provider-node': 'lambda-credentials.ts',
  '@smithy/core/event-streams': 'no-event-streams.ts',
}

/**
 * An esbuild plugin that leaves out of the AWS SDK what Lambda never needs. Nothing that is sent or understood changes.
 * Should a newer SDK be laid out otherwise it does nothing, and test/handlers/bundles.test.ts says so.
 */
export const leanSdk = {
  name: 'lean-sdk',
  setup(build) {
    for (const [of, ours] of Object.entries(REPLACED))
      build.onResolve({ filter: new RegExp(`^${of}$`) }, () => ({ path: join(lib, 'aws', ours) }))
    // A client's table of what its operations take and give: for Lambda's and others' esbuild keeps all of it, since for
    // all it knows a key that is a name, as in `{ [_hE]: 400 }`, could run code. Here each is a string that stands above.
    build.onLoad(
      { filter: /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]/ },
      async ({ path }) => ({
        contents: withLiteralKeys(await readFile(path, 'utf8')),
      }),
    )
  },
}

function withLiteralKeys(source) {
  const strings = new Map()
  for (const [, name, text] of source.matchAll(/^const (_\w+) = ("\w+");$/gm)) {
    // As a literal it would set the prototype.
    if (text !== '"__proto__"') strings.set(name, text)
  }
  return source.replace(/\[(_\w+)\]:/g, (key, name) => (strings.has(name) ? `${strings.get(name)}:` : key))
}
