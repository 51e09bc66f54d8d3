import * as z from 'zod/mini'
import type { ApiRequest } from '../api'
import { ApiError } from '../api'
import { invalid } from './errors'

/** zod/mini has no words of its own. */
const english = z.locales.en().localeError

/** The request's JSON body, checked; a parameter that the engine does not have is an error that names it. */
export function body<S extends z.ZodMiniType>(request: ApiRequest, schema: S): z.output<S> {
  return check(schema, parseJson(request.body))
}

function check<S extends z.ZodMiniType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value, { error: english })
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => {
    const path = issue.path.join('.')
    if (issue.code === 'unrecognized_keys') {
      const keys = issue.keys.map((key) => (path === '' ? key : `${path}.${key}`))
      return `${keys.join(', ')}: not supported by the local engine`
    }
    return `Value at '${path}' failed to satisfy constraint: ${issue.message}`
  })
  const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`
  throw invalid(`${count}: ${problems.join('; ')}`)
}

function parseJson(text: Buffer): unknown {
  if (text.length === 0) return {}
  try {
    return JSON.parse(text.toString('utf8'))
  } catch (error) {
    throw new ApiError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${error}`,
      400,
      {
        Type: 'User',
      },
    )
  }
}
