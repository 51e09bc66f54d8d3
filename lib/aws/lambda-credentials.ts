import { fromEnv } from '@aws-sdk/credential-provider-env'
import { fromHttp } from '@aws-sdk/credential-provider-http'

type Credentials = Awaited<ReturnType<ReturnType<typeof fromEnv>>>

/** Milliseconds before they expire: as the SDK's own chain, which renews them beside the calls that still use the old ones. */
const RENEW_BEFORE = 300_000

/**
 * Takes the place of the SDK's default credential chain in all that runs inside Lambda (`scripts/lean-sdk.mjs`): of the
 * chain's many sources Lambda has two, and the rest brings the clients of four more services with it.
 *
 * The keys of the execution role are in the environment (Lambda Developer Guide, configuration-envvars: reserved, so no
 * configuration can change them). With SnapStart they are not, and an endpoint is named there instead (snapstart-activate,
 * "credentials"). What was found first stays until it expires: a body that puts other keys into the environment does not
 * change whose our own calls are.
 */
export function defaultProvider(init?: Parameters<typeof fromHttp>[0]): () => Promise<Credentials> {
  let found: Credentials | undefined
  let renewal: Promise<Credentials> | undefined
  const renew = async () => {
    found = await find(init)
    return found
  }
  return async () => {
    if (found && !expiresWithin(RENEW_BEFORE, found)) return found
    renewal ??= renew().finally(() => {
      renewal = undefined
    })
    if (!found || expiresWithin(0, found)) return renewal
    // An endpoint that does not answer is asked again by the next call.
    renewal.catch(() => {})
    return found
  }
}

function find(init: Parameters<typeof fromHttp>[0]): Promise<Credentials> {
  const { AWS_ACCESS_KEY_ID: key, AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint } = process.env
  return !key && endpoint ? fromHttp(init)() : fromEnv(init)()
}

const expiresWithin = (ms: number, { expiration }: Credentials) =>
  expiration !== undefined && expiration.getTime() - Date.now() < ms
