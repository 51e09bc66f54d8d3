/** Where the reader is: in the URL's hash, so that the page is one file and every view and filter can be shared. */
import { Store, useStore } from './store'

export type Route = { path: string[]; query: URLSearchParams }

function parseHash(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s)
  const parts = path.split('/').filter((part) => part !== '')
  return { path: parts.map(decode), query: new URLSearchParams(query) }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The parameters in their order; empty ones are left out. Commas and colons, which keys and lists have, stay legible. */
export function hashOf(
  path: readonly string[],
  query: Record<string, string | undefined> | URLSearchParams = {},
) {
  const entries = query instanceof URLSearchParams ? [...query] : Object.entries(query)
  const said = entries.filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '')
  const search = said.map(([name, value]) => `${name}=${legible(value)}`).join('&')
  return `#/${path.map(legible).join('/')}${search ? `?${search}` : ''}`
}

const legible = (text: string) => encodeURIComponent(text).replace(/%(?:2C|3A)/g, decodeURIComponent)

export const tasksHash = () => hashOf([])
export const taskHash = (task: string) => hashOf(['t', task])
export const runHash = (task: string, run: string, query: Record<string, string | undefined> = {}) =>
  hashOf(['r', task, run], query)

const route = new Store<Route>(parseHash(location.hash))
addEventListener('hashchange', () => route.set(parseHash(location.hash)))

export const useRoute = (): Route => useStore(route)

export function go(hash: string): void {
  location.hash = hash
}

/** Changes filters where the reader is, without a step for the Back button. `undefined` removes one. */
export function setQuery(changes: Record<string, string | undefined>): void {
  const { path, query } = route.get()
  const next = new URLSearchParams(query)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') next.delete(name)
    else next.set(name, value)
  }
  const hash = hashOf(path, next)
  if (hash === hashOf(path, query)) return
  history.replaceState(null, '', hash)
  route.set({ path, query: next })
}
