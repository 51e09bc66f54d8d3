import { format } from 'node:util'

/** First character of a line of standard output that is ours: the rest is JSON, see execution/output.ts. */
const FRAME = '\u001e'

const stdout = process.stdout.write.bind(process.stdout)
const stderr = process.stderr.write.bind(process.stderr)

let requestId = ''

export function setRequestId(id: string): void {
  requestId = id
}

/** One log event, whatever line breaks it has. */
function emit(text: string): void {
  stdout(`${FRAME}${JSON.stringify({ line: text })}\n`)
}

/** After this, nothing of invocation `id` is still on its way. */
export function endOutput(id: string): void {
  const mark = `${FRAME}${JSON.stringify({ end: id })}\n`
  stdout(mark)
  stderr(mark)
}

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const
type Level = (typeof LEVELS)[number]

export function log(level: Level, ...args: unknown[]): void {
  if (process.env['AWS_LAMBDA_LOG_FORMAT'] === 'JSON') logJson(level, args)
  else emit(`${new Date().toISOString()}\t${requestId || 'undefined'}\t${level}\t${format(...args)}`)
}

function logJson(level: Level, args: unknown[]): void {
  const threshold = LEVELS.indexOf((process.env['AWS_LAMBDA_LOG_LEVEL'] ?? 'INFO') as Level)
  if (LEVELS.indexOf(level) < threshold) return
  const error = args.find((arg) => arg instanceof Error)
  const fields = {
    timestamp: new Date().toISOString(),
    level,
    requestId,
    message: args.length === 1 && !(args[0] instanceof Error) ? args[0] : format(...args),
    ...(error === undefined
      ? {}
      : {
          errorType: error.name,
          errorMessage: error.message,
          stackTrace: String(error.stack).split('\n').slice(1),
        }),
  }
  let text: string
  try {
    text = JSON.stringify(fields)
  } catch {
    text = JSON.stringify({ ...fields, message: format(...args) })
  }
  emit(text)
}

/** The lines Lambda's own Node.js runtime makes of `console` (Developer Guide, nodejs-logging). */
export function patchConsole(): void {
  console.log = (...args) => log('INFO', ...args)
  console.info = (...args) => log('INFO', ...args)
  console.debug = (...args) => log('DEBUG', ...args)
  console.warn = (...args) => log('WARN', ...args)
  console.error = (...args) => log('ERROR', ...args)
  console.trace = (...args) => {
    const at = { stack: '' }
    Error.captureStackTrace(at, console.trace)
    log('TRACE', `${format(...args)}\n${at.stack.split('\n').slice(1).join('\n')}`)
  }
}
