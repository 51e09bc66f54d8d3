export type Scope = { region: string; service: string }

/** KEY/DATE/REGION/SERVICE/aws4_request (IAM user guide, elements of a SigV4 request). */
const CREDENTIAL = /^[^/]+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request$/

/**
 * For which service and region a request is signed; undefined where it bears no AWS signature. The signature's value is
 * not checked: it is there because a web page in a browser cannot send one. That holds for the header; a signature in the
 * query is taken for S3 alone (presigned URLs) and never with POST, which a page may send anywhere.
 */
export function credentialScope(
  method: string,
  authorization: string | undefined,
  query: URLSearchParams,
): Scope | undefined {
  const header = /^AWS4-HMAC-SHA256\s.*?Credential=([^,\s]+)/.exec(authorization ?? '')?.[1]
  if (header !== undefined) return parse(header)
  const presigned = query.get('X-Amz-Credential')
  if (presigned === null || method === 'POST') return undefined
  const scope = parse(presigned)
  return scope?.service === 's3' ? scope : undefined
}

function parse(credential: string): Scope | undefined {
  const [, region, service] = CREDENTIAL.exec(credential) ?? []
  return region === undefined || service === undefined ? undefined : { region, service }
}
