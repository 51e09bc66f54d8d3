import { readFileSync } from 'node:fs'
import { payloadFault, RESERVED_KEYS } from '../core/payload'
import { manualRun } from '../core/requests'
import { CommandError, usageError } from './errors'
import { parsePast } from './input/time'
import type { Options } from './options'
import { requestOf, sendRun } from './send-run'
import type { Session } from './session'

/** `tasks run`: through the same lock as every tick, so never beside another run where `concurrency` is 1. */
export async function run(session: Session, options: Options<'run'>): Promise<number> {
  const payload = payloadOf(options)
  const task = await session.task(options.task)
  const tick =
    options.tick === undefined
      ? undefined
      : parsePast('tick', options.tick, { now: session.now(), timezone: task.timezone })
  const message = manualRun({ ...task, payload: payload ?? task.payload ?? {} }, requestOf(session))
  return sendRun(
    session,
    tick === undefined ? message : { ...message, scheduledAt: new Date(tick).toISOString() },
    options,
  )
}

function payloadOf({ data, path }: Options<'run'>): Record<string, unknown> | undefined {
  if (data !== undefined && path !== undefined)
    throw usageError('--data and --path both say what the payload is: give one')
  if (data !== undefined) return parsePayload('--data', data)
  if (path === undefined) return undefined
  try {
    return parsePayload(path, readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw usageError(`--path: cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function parsePayload(source: string, text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Without the text: there may be secrets in it.
    throw usageError(`${source} must be JSON`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw usageError(`${source} must be a JSON object, because the run is told of in keys beside yours`)
  const taken = RESERVED_KEYS.find((key) => Object.hasOwn(value, key))
  if (taken)
    throw usageError(
      `${source}: ${taken} is a key that the target is told of its run by; give it another name`,
    )
  const fault = payloadFault(value)
  if (fault) throw usageError(`${source}: ${['payload', ...fault.path].join('.')} ${fault.rule}`)
  return value as Record<string, unknown>
}
