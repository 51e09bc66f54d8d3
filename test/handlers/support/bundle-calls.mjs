// Bundles calls.ts into the folder that is given: with the AWS SDK as it is, and as our handlers are bundled.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { leanSdk } from '../../../scripts/lean-sdk.mjs'

const options = createRequire(import.meta.url)('../../../scripts/lambda-bundle.json')
const entryPoints = [fileURLToPath(new URL('calls.ts', import.meta.url))]
const [folder] = process.argv.slice(2)
await build({ ...options, entryPoints, outfile: join(folder, 'stock.js') })
await build({ ...options, entryPoints, outfile: join(folder, 'lean.js'), plugins: [leanSdk] })
