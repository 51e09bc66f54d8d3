import { join } from 'node:path'
import type { ConnectionConfig } from '../aws/clients'
import { DATA_FOLDER, DUMMY_CREDENTIALS, findEngine } from '../local-engine'
import { CommandError } from './errors'
import type { Where } from './session'

export type Asked = {
  service: string
  stage: string
  /** Undefined: as the SDK finds it. */
  region: string | undefined
  profile: string | undefined
  local: boolean
  /** The service's folder. */
  folder: string
  program: string
  again: string
}

/**
 * Where a command looks: the local engine of this folder (`--local`), else where `AWS_ENDPOINT_URL` points, else AWS with
 * the usual credentials, profile and region.
 *
 * @throws {CommandError}
 */
export async function locate({
  service,
  stage,
  region,
  profile,
  local,
  folder,
  program,
  again,
}: Asked): Promise<Where> {
  // The SDK's advice on the Node.js version is not part of any answer.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const common = { service, stage, program, again }
  if (local) {
    const dataDir = join(folder, DATA_FOLDER)
    const engine = await findEngine(dataDir)
    if (!engine)
      throw new CommandError(
        `no local engine runs on ${dataDir}: start one with "sls tasks dev"`,
        'NO_ENGINE',
      )
    const config = { endpoint: engine.endpoint, region: engine.region, credentials: DUMMY_CREDENTIALS }
    return { ...common, region: engine.region, config }
  }
  const config: ConnectionConfig = {
    ...(region === undefined ? {} : { region }),
    ...(isEngineAtHand() ? { credentials: DUMMY_CREDENTIALS } : profile === undefined ? {} : { profile }),
  }
  return { ...common, region, config }
}

/** An endpoint on this machine checks no credentials: who has none in the environment need not make any up. */
function isEngineAtHand(): boolean {
  const { AWS_ENDPOINT_URL = '', AWS_ACCESS_KEY_ID, AWS_PROFILE } = process.env
  return (
    !AWS_PROFILE && !AWS_ACCESS_KEY_ID && /^http:\/\/(127\.|localhost[:/]|\[::1\])/.test(AWS_ENDPOINT_URL)
  )
}
