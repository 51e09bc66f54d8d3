import { GetObjectCommand } from '@aws-sdk/client-s3'
import { messageOf, validationError } from '../errors'
import type { QueryObject } from '../query'
import type { Clients } from '../resources/clients'

/** The text of the template that a request brings or points to. Throws ValidationError. */
export async function loadTemplate(input: QueryObject, clients: Clients): Promise<string> {
  const { TemplateBody: body, TemplateURL: url } = input
  if (typeof body === 'string' && body !== '') return body
  if (typeof url !== 'string' || url === '') {
    throw validationError('Either Template URL or Template Body must be specified.')
  }
  const place = parseTemplateUrl(url)
  try {
    const { Body } = await clients.s3.send(new GetObjectCommand(place))
    return (await Body?.transformToString()) ?? ''
  } catch (error) {
    throw validationError(`S3 error: ${messageOf(error)} (${place.Bucket}/${place.Key})`)
  }
}

/**
 * Bucket and key of `https://s3…/BUCKET/KEY` or `https://BUCKET.s3…/KEY`. The rest of the host does not count: it
 * names AWS, while the object is in the engine.
 */
export function parseTemplateUrl(url: string): { Bucket: string; Key: string } {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    throw validationError('TemplateURL must be a supported URL.')
  }
  const path = decodeURIComponent(parsed.pathname.slice(1))
  const virtual = /^(.+?)\.s3[.-].*amazonaws\.com/.exec(parsed.hostname)
  if (virtual?.[1] !== undefined) return { Bucket: virtual[1], Key: path }
  const slash = path.indexOf('/')
  if (slash < 1) throw validationError('TemplateURL must be a supported URL.')
  return { Bucket: path.slice(0, slash), Key: path.slice(slash + 1) }
}
