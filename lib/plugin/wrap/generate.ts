import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { built } from '../../paths'
import { writeIfChanged } from '../files'
import type { Bundler } from './bundler'
import type { HandlerSource } from './source'

/** Relative to the service. */
const WRAP_FOLDER = '.slipstream/wrap'

/** The wrapper's runtime, for modules that Node.js loads itself and for those that a bundler puts together. */
const RUNTIME = { cjs: '_runtime.cjs', mjs: '_runtime.mjs' }

/** A generated module: what the function's handler is set to, and the files that it needs, relative to the service. */
export type Wrapped = { handler: string; files: string[] }

/**
 * Writes the module that stands in for a function's handler. It loads the user's own only inside the wrapper, so that a
 * module that fails to load is told in the run's stream. Each has a folder of its own: `serverless-esbuild` tells bundles
 * apart by the beginning of their path.
 */
export function generateWrapper(
  serviceDir: string,
  functionKey: string,
  source: HandlerSource,
  bundler?: Bundler,
): Wrapped {
  const folder = posix.join(WRAP_FOLDER, functionKey)
  const user = JSON.stringify(posix.relative(folder, source.file))
  const name = JSON.stringify(source.exportName)
  const write = (file: string, text: string) => {
    writeIfChanged(join(serviceDir, file), text)
    return file
  }
  const handler = posix.join(folder, 'index.handler')
  if (source.format === 'bundled') {
    const module = [
      `import { wrapModule } from '../${RUNTIME.mjs}'`,
      `export const handler = wrapModule(() => import(${user}), ${name})`,
    ]
    return {
      handler,
      files: [
        // Serverless 4 bundles TypeScript without being told to, and nothing else.
        write(posix.join(folder, bundler === 'built-in' ? 'index.ts' : 'index.js'), `${module.join('\n')}\n`),
        write(posix.join(WRAP_FOLDER, RUNTIME.mjs), runtimeModule()),
      ],
    }
  }
  const load = source.format === 'module' ? 'import' : 'require'
  const module = [
    `'use strict'`,
    `const { wrapModule } = require('../${RUNTIME.cjs}')`,
    `exports.handler = wrapModule(() => ${load}(${user}), ${name})`,
  ]
  return {
    handler,
    files: [
      write(posix.join(folder, 'index.cjs'), `${module.join('\n')}\n`),
      write(posix.join(WRAP_FOLDER, RUNTIME.cjs), runtime()),
    ],
  }
}

/** Self-contained, so that the package may be a dev dependency of the service. */
const runtime = () => readFileSync(built('wrapper', 'runtime.js'), 'utf8')

/**
 * The same as an ES module, which a bundler can turn into either format: in one that comes out as an ES module a plain
 * `require` of Node.js's own modules, all that the runtime requires, would not be there. Not by
 * a named import, of which webpack takes the declaration away and leaves this use (5.111, its CommonJsImportsParserPlugin).
 */
const runtimeModule = () => `import nodeModule from 'node:module'
const runtime = { exports: {} }
;(function (module, exports, require) {
${runtime()}
})(runtime, runtime.exports, nodeModule.createRequire('/'))
export const { wrapModule } = runtime.exports
`
