import { EXIT } from './errors'
import { explain } from './explain'
import { processIo } from './io'
import type { CommandName } from './options'
import { Session, type Where } from './session'
import { COMMANDS } from './table'

type Values = Record<string, string | boolean | undefined>

/** Runs one command to its end in this process, whatever it was started by, and gives the exit code. Never rejects. */
export async function runCommand(
  name: CommandName,
  options: Values,
  where: () => Promise<Where>,
): Promise<number> {
  const io = processIo()
  let session: Session | undefined
  const onInterrupt = () => {
    io.say(`\n${session?.interruption ?? 'Interrupted.'}`)
    const undo = session?.onInterrupt
    if (session === undefined || undo === undefined) process.exit(EXIT.interrupted)
    session.onInterrupt = undefined
    undo()
  }
  // A reader that has gone, as `head` does, is no error; that the command may be waiting for an outcome is one.
  const onGone = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(session?.interruption === undefined ? EXIT.ok : EXIT.error)
  }
  process.on('SIGINT', onInterrupt)
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onGone)
  try {
    session = new Session(await where(), io)
    return await COMMANDS[name].run(session, options)
  } catch (error) {
    const told = explain(error, session?.where)
    if (options['json'])
      io.out(
        JSON.stringify(
          { error: { code: told.code, message: told.message, exitCode: told.exitCode } },
          undefined,
          2,
        ),
      )
    io.say(told.message)
    return told.exitCode
  } finally {
    session?.close()
    process.removeListener('SIGINT', onInterrupt)
  }
}
