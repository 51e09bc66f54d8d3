import { command } from './command'

const { stderr } = process
process.exitCode = command(process.argv.slice(2), {
  out: (line) => console.log(line),
  err: (line) => console.error(line),
  progress: stderr.isTTY
    ? (line) => {
        stderr.write(`\r\x1b[2K${line}`)
      }
    : undefined,
  clock: () => performance.now(),
})
