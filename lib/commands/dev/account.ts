import { ACCOUNT } from '../../engine/api'

/**
 * Throws unless STS at this endpoint answers with the engine's own account, which none of AWS's has: the last look before
 * anything is deployed.
 */
export async function checkAccount(endpoint: string): Promise<void> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=slipstream/20000101/us-east-1/sts/aws4_request, Signature=none',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  })
  const account = /<Account>(\d+)<\/Account>/.exec(await response.text())?.[1]
  if (account !== ACCOUNT) {
    throw new Error(`${endpoint} is not the local engine: it answers as account ${account ?? 'unknown'}`)
  }
}
