/**
 * Lambda's Node.js runtime: the process of one execution environment. Started by execution/environment.ts with the
 * code's folder as its working directory.
 */
import { RuntimeClient } from './client'
import { endOutput, log, patchConsole, setRequestId } from './console'
import { errorLog, errorPayload, RuntimeError } from './errors'
import { invoke } from './invoke'
import { type Handler, loadHandler } from './load'
import { provideSdk } from './sdk'
import { dieWithEngine } from './watch'

const client = new RuntimeClient(String(process.env['AWS_LAMBDA_RUNTIME_API']))
let current = ''

dieWithEngine()
patchConsole()
process.on('uncaughtException', (error) => fatal('Uncaught Exception', error, 129))
process.on('unhandledRejection', (reason) => {
  const message = reason instanceof Error ? reason.toString() : String(reason)
  const error = new RuntimeError('Runtime.UnhandledPromiseRejection', message)
  if (reason instanceof Error && reason.stack !== undefined) error.stack = reason.stack
  fatal('Unhandled Promise Rejection', error, 128)
})
main().catch((error) => fatal('Runtime Error', error, 1))

async function main(): Promise<void> {
  const root = String(process.env['LAMBDA_TASK_ROOT'])
  provideSdk(root)
  let handler: Handler
  try {
    handler = await loadHandler(root, String(process.env['_HANDLER']))
    refuseCallbacks(handler)
  } catch (error) {
    await fatal('Uncaught Exception', error, 1)
    return
  }
  for (;;) await serve(handler)
}

async function serve(handler: Handler): Promise<void> {
  const next = await client.next()
  current = String(next.headers['lambda-runtime-aws-request-id'])
  setRequestId(current)
  process.env['_X_AMZN_TRACE_ID'] = String(next.headers['lambda-runtime-trace-id'] ?? '')
  const result = await invoke(handler, next)
  const answer = 'thrown' in result ? result : serialize(result.value)
  if ('thrown' in answer) {
    log('ERROR', 'Invoke Error', `\t${errorLog(answer.thrown)}`)
    endOutput(current)
    await client.fail(current, errorPayload(answer.thrown))
  } else {
    endOutput(current)
    await client.succeed(current, answer.json)
  }
  current = ''
}

function serialize(value: unknown): { json: string } | { thrown: unknown } {
  try {
    return { json: JSON.stringify(value === undefined ? null : value) ?? 'null' }
  } catch (error) {
    return { thrown: new RuntimeError('Runtime.MarshalError', `Unable to stringify response body: ${error}`) }
  }
}

/** From nodejs24.x on Lambda no longer takes them, whatever Node.js runs here. */
function refuseCallbacks(handler: Handler): void {
  const runtime = /nodejs(\d+)/.exec(String(process.env['AWS_EXECUTION_ENV']))
  if (handler.length < 3 || Number(runtime?.[1]) < 24) return
  throw new RuntimeError(
    'Runtime.CallbackHandlerDeprecated',
    'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later.',
  )
}

/** Reports what ends this process, to the invocation that is under way or else as the failure to start, and ends it. */
async function fatal(title: string, error: unknown, exitCode: number): Promise<void> {
  log('ERROR', title, `\t${errorLog(error)}`)
  const id = current
  endOutput(id)
  try {
    if (id === '') await client.failInit(errorPayload(error))
    else await client.fail(id, errorPayload(error))
  } finally {
    process.exit(exitCode)
  }
}
