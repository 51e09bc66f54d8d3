import type { IncomingMessage } from 'node:http'

/** The address that is asked for; undefined for what is none, as `//`. */
export function urlOf({ url = '/' }: IncomingMessage): URL | undefined {
  return URL.canParse(url, 'http://page') ? new URL(url, 'http://page') : undefined
}

/** The parts of a path behind its first, decoded; undefined where that cannot be done, as with `%zz`. */
export function partsOf({ pathname }: URL): string[] | undefined {
  try {
    return pathname.split('/').slice(2).map(decodeURIComponent)
  } catch {
    return undefined
  }
}
