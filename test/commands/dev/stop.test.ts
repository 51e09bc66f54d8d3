import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { built } from '../../../lib/paths'

test('a process below npm stops when the shell that npm runs it in was ended', async () => {
  const script = `const { promise } = require(${JSON.stringify(built('lib', 'commands', 'dev', 'stop.js'))}).listenForStop()
    console.log(process.pid)
    const held = setInterval(() => {}, 60000)
    promise.then(() => { console.log('stopped'); clearInterval(held) })`
  // With a command after it, so that no shell hands its own process over.
  const shell = spawn('sh', ['-c', '"$0" -e "$1"; true', process.execPath, script], {
    env: { npm_lifecycle_event: 'start' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: shell.stdout })[Symbol.asyncIterator]()
  const pid = Number((await lines.next()).value)
  let ended = false
  try {
    shell.kill('SIGTERM')
    await once(shell, 'exit')
    expect((await lines.next()).value).toBe('stopped')
    ended = (await lines.next()).done === true
  } finally {
    if (!ended) process.kill(pid, 'SIGKILL')
  }
})
