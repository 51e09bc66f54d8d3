import { CommandError, EXIT } from './errors'
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
    process.exit(EXIT.interrupted)
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

type AwsError = Error & { $fault?: string; $metadata?: { httpStatusCode?: number } }

/** A sentence for the user. Anything that is neither AWS's answer nor ours is a bug, and keeps its stack. */
export function explain(error: unknown, where: Where | undefined): CommandError {
  if (error instanceof CommandError) return error
  const { name, message, stack, $fault, $metadata } = error as AwsError
  const at = where && `${where.service}-${where.stage}${where.region ? ` in ${where.region}` : ''}`
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError')
    return new CommandError(
      `no AWS credentials: ${message}. Give --profile or the usual environment variables, or --local`,
      'NO_CREDENTIALS',
    )
  if (/^Region is missing/.test(message))
    return new CommandError('no AWS region: give --region, or set AWS_REGION', 'NO_REGION')
  if (name === 'ResourceNotFoundException' || name === 'QueueDoesNotExist')
    return new CommandError(`${at} is not deployed, or not whole: ${message}`, 'NOT_DEPLOYED')
  if ($fault !== undefined || $metadata !== undefined) return new CommandError(`${name}: ${message}`, name)
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED')
    return new CommandError(`nothing answers at the endpoint: ${message || code}`, 'NO_ANSWER')
  if (code === 'ENOTFOUND' || code === 'ETIMEDOUT' || code === 'EAI_AGAIN')
    return new CommandError(`AWS cannot be reached: ${message}`, 'NO_ANSWER')
  return new CommandError(stack ?? String(error), 'BUG')
}
