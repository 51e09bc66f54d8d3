import type { ActionAnswer, ActionName, ActionRequest, Failure } from '../../api'

export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

/** @throws {Refused} with a sentence for the reader */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await answerOf(path, signal ? { signal } : {})).json() as Promise<T>
}

export async function answerOf(path: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, init)
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error
    throw new Refused('NO_ANSWER', 'The server does not answer. Is it still running?')
  }
  if (response.ok) return response
  const failure = (await response.json().catch(() => undefined)) as Failure | undefined
  throw new Refused(
    failure?.error.code ?? 'ERROR',
    failure?.error.message ?? `The server answered ${response.status}.`,
  )
}

/** New at each start of the server; a foreign site cannot read it. */
const token = document.querySelector<HTMLMetaElement>('meta[name=slipstream-token]')?.content ?? ''

export async function act<Name extends ActionName>(
  name: Name,
  request: ActionRequest[Name],
): Promise<ActionAnswer> {
  const response = await answerOf(`/api/actions/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-slipstream-token': token },
    body: JSON.stringify(request),
  })
  return (await response.json()) as ActionAnswer
}
