import { spawnSync } from 'node:child_process'

/**
 * Only Node.js is needed to pass the tests; what is about Python is tested where there is one. `modules` have to be
 * there, too.
 */
export function hasPython(...modules: string[]): boolean {
  const found = spawnSync('python3', ['-c', modules.map((name) => `import ${name}`).join('\n')]).status === 0
  if (!found) console.warn(`Tests are skipped: they need ${['python3', ...modules].join(' with ')}.`)
  return found
}
