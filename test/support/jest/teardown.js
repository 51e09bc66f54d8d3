const { readdirSync, readFileSync, readlinkSync, rmSync } = require('node:fs')

/** Jest, its transforms and tools beneath tests cache here; all else is a leak. */
const CACHES = /^(jest_|node-compile-cache|node-jiti|swc|v8-compile)/

/** Processes that were started by the tests, as their command, folder or environment tells; known on Linux only. */
function processesOf(folder) {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
        const about = [command, environment, readlinkSync(`/proc/${pid}/cwd`)].join('\0')
        const jests = command.includes('jest-worker')
        return about.includes(folder) && !jests ? [`${pid} ${command.replaceAll('\0', ' ').trim()}`] : []
      } catch {
        return []
      }
    })
}

module.exports = async () => {
  const folder = process.env.TMPDIR
  const processes = processesOf(folder)
  const folders = readdirSync(folder).filter((name) => !CACHES.test(name))
  rmSync(folder, { recursive: true, force: true })
  if (processes.length > 0) throw new Error(`the tests leave processes running:\n${processes.join('\n')}`)
  if (folders.length > 0) throw new Error(`the tests leave temporary folders: ${folders.join(', ')}`)
}
