import { AsyncLocalStorage } from 'node:async_hooks'
import fs from 'node:fs'
import { format } from 'node:util'
import type { Level } from '../core/lines'
import type { AttemptLog } from './attempt-log'

const METHODS: Record<string, Level> = {
  log: 'INFO',
  info: 'INFO',
  debug: 'DEBUG',
  warn: 'WARN',
  error: 'ERROR',
  trace: 'TRACE',
  // Lambda's Node.js runtime adds it
  fatal: 'FATAL',
}

/**
 * Whose code is running. A line belongs to the attempt whose code printed it, however late: Lambda reuses
 * environments, and a promise that an earlier invocation left behind goes on in the next one.
 */
const owner = new AsyncLocalStorage<{ log?: AttemptLog }>()
/** Output that no invocation's code made (a worker's, a connection pool's) is the running attempt's, if there is one. */
const running = new Set<AttemptLog>()

function currentLog(): AttemptLog | undefined {
  const store = owner.getStore()
  if (store) return store.log
  return running.size === 1 ? [...running][0] : undefined
}

/** Runs `body` and all that it starts so that its output goes to `log`, and to where it went before. */
export async function captured<T>(log: AttemptLog, body: () => Promise<T>): Promise<T> {
  running.add(log)
  try {
    return await owner.run({ log }, body)
  } finally {
    running.delete(log)
  }
}

/** Runs `body` and all that it starts so that its output goes to no attempt. */
export function uncaptured<T>(body: () => T): T {
  return owner.run({}, body)
}

/** Set while one way out calls another (console writes to stdout, stdout to a file), so that a line is taken once. */
let within = false

function passing<A extends unknown[], R>(
  target: object,
  name: string,
  take: (log: AttemptLog, args: A) => void,
): () => void {
  const methods = target as Record<string, (...args: A) => R>
  const original = methods[name]
  if (typeof original !== 'function') return () => {}
  function replaced(this: unknown, ...args: A): R {
    if (within) return (original as (...args: A) => R).apply(this, args)
    const log = currentLog()
    within = true
    try {
      if (log) take(log, args)
      return (original as (...args: A) => R).apply(this, args)
    } finally {
      within = false
    }
  }
  // What hangs on the function (fs.write's promisified form) must stay on it
  Object.defineProperties(replaced, Object.getOwnPropertyDescriptors(original))
  methods[name] = replaced
  return () => {
    if (methods[name] === replaced) methods[name] = original
  }
}

/** The bytes or the string that a call of fs.write or fs.writeSync writes. */
function written([, data, offset, length]: unknown[]): string | Uint8Array | undefined {
  if (typeof data === 'string') return data
  if (!ArrayBuffer.isView(data)) return undefined
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const options =
    typeof offset === 'object' && offset !== null ? (offset as Record<string, unknown>) : undefined
  const start = Number(options ? (options['offset'] ?? 0) : typeof offset === 'number' ? offset : 0)
  const size = options ? options['length'] : length
  return bytes.subarray(start, typeof size === 'number' ? start + size : undefined)
}

/**
 * Listens to every way in which code in this process prints: the console (which Lambda's runtime does not send through
 * stdout), stdout and stderr (Powertools' logger has a console of its own on them), and the file descriptors under them
 * (pino writes to these). Everything still goes where it went before. Returns how to undo it.
 */
export function captureOutput(): () => void {
  const undo = [
    ...Object.entries(METHODS).map(([name, level]) =>
      passing(console, name, (log, args: unknown[]) => log.console(level, format(...args))),
    ),
    ...(['stdout', 'stderr'] as const).map((channel) =>
      passing(process[channel], 'write', (log, [chunk, encoding]: unknown[]) => {
        if (typeof chunk !== 'string') log.write(channel, chunk as Uint8Array)
        else if (typeof encoding !== 'string' || /^utf-?8$/i.test(encoding)) log.write(channel, chunk)
        else log.write(channel, Buffer.from(chunk, encoding as BufferEncoding))
      }),
    ),
    ...['write', 'writeSync'].map((name) =>
      passing(fs, name, (log, args: unknown[]) => {
        const channel = args[0] === 1 ? 'stdout' : args[0] === 2 ? 'stderr' : undefined
        const data = channel && written(args)
        if (channel && data !== undefined) log.write(channel, data)
      }),
    ),
  ]
  return () => {
    for (const one of undo) one()
  }
}
