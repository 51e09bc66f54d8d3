import { readFileSync } from 'node:fs'
import { built } from '../paths'

/**
 * Nothing but what this server serves: no script in the page's text, no foreign style, image or connection, no frame
 * around it in which a click could be led astray.
 */
const POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const SAFETY_HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  // The build may change under a browser that has the page open, and an answer is old at once.
  'cache-control': 'no-store',
} as const

const TYPES = {
  'page.js': 'text/javascript; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
} as const

/** The built files, read once: a new build under a running server must not be mixed with the old. */
export function readAssets(token: string): Map<string, { type: string; body: Buffer }> {
  const html = readFileSync(built('page', 'index.html'), 'utf8').replace(
    '<meta name="slipstream-token" content="" />',
    `<meta name="slipstream-token" content="${token}" />`,
  )
  const assets = new Map([['/', { type: 'text/html; charset=utf-8', body: Buffer.from(html) }]])
  for (const [name, type] of Object.entries(TYPES))
    assets.set(`/${name}`, { type, body: readFileSync(built('page', name)) })
  return assets
}
