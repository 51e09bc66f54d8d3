import { command } from './command'
import { FIGURES } from './figures'

// Read as a client is made; a line a process would drown what is to be seen.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'

const { stdout, stderr } = process
async function main(): Promise<void> {
  process.exitCode = await command(process.argv.slice(2), FIGURES, {
    out: (line) => console.log(line),
    err: (line) => console.error(stderr.isTTY ? `\r\x1b[2K${line}` : line),
    progress: (line) => stderr.write(stderr.isTTY ? `\r\x1b[2K${line}` : `${line}\n`),
    colour: stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
  })
  if (stderr.isTTY) stderr.write('\r\x1b[2K')
}

void main()
