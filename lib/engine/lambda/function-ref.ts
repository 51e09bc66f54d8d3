import { ACCOUNT } from '../api'
import { breaksModel, invalid, noFunction } from './errors'

/** Which function, and which version or alias of it, a caller means. */
export type FunctionRef = { name: string; qualifier?: string | undefined }

/** Name, partial ARN or ARN, with or without a qualifier (API model, shape NamespacedFunctionName). */
const REFERENCE =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:[a-z]{2}(?:-[a-z]+)+-\d:)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9-_]{1,64})(?::(\$LATEST|[a-zA-Z0-9-_]+))?$/

export function parseFunctionRef(text: string, qualifier?: string | null): FunctionRef {
  const match = REFERENCE.exec(text)
  if (!match)
    throw breaksModel(
      'functionName',
      text,
      `satisfy regular expression pattern: ${REFERENCE.source.slice(1, -1)}`,
    )
  const [, account, name = '', derived] = match
  if (account !== undefined && account !== ACCOUNT) throw noFunction(text)
  if (derived !== undefined && qualifier && derived !== qualifier) {
    throw invalid('The derived qualifier from the function name does not match the specified qualifier.')
  }
  return { name, qualifier: qualifier || derived }
}

export function functionArn(region: string, name: string, qualifier?: string): string {
  const base = `arn:aws:lambda:${region}:${ACCOUNT}:function:${name}`
  return qualifier === undefined ? base : `${base}:${qualifier}`
}
