import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs'
import { deploy } from '../../../lib/commands/dev/deploy'
import { credentialsFor, localEnvironment } from '../../../lib/commands/dev/environment'
import { findServerless } from '../../../lib/commands/dev/serverless-cli'
import { type Engine, startEngine } from '../../../lib/engine/server'
import { PACKAGE_ROOT } from '../../../lib/paths'
import { clientConfig, temporaryFolder } from '../../support/engine'

const aws = {
  endpoint: 'http://127.0.0.1:4566',
  region: 'eu-west-1',
  configFile: '/x/config',
  credentialsFile: '/x/credentials',
}

describe('the environment of a deployment to this machine', () => {
  it("has nothing of the user's AWS, in whatever case, and keeps all else", () => {
    const environment = localEnvironment(
      {
        PATH: '/bin',
        HOME: '/home/me',
        AWS_SECRET_ACCESS_KEY: 'real',
        AWS_SSO_SESSION: 'real',
        aws_security_token: 'real',
        AWS_VAULT: 'real',
        AWS_ENDPOINT_URL_ATHENA: 'real',
        SERVERLESS_ACCESS_KEY: 'real',
        SLS_INTERACTIVE_SETUP_ENABLE: 'real',
        HTTPS_PROXY: 'real',
        AWS_DEV_PROFILE: 'real',
      },
      aws,
    )
    expect(environment).toMatchObject({ PATH: '/bin', HOME: '/home/me', AWS_REGION: 'eu-west-1' })
    expect(Object.values(environment)).not.toContain('real')
  })

  it('has dummy credentials for every profile that the service may name', () => {
    expect(credentialsFor(['team', undefined, 'default'])).toBe(
      '[default]\naws_access_key_id = slipstream\naws_secret_access_key = slipstream\n\n' +
        '[team]\naws_access_key_id = slipstream\naws_secret_access_key = slipstream\n',
    )
  })
})

describe('a real `sls deploy` with everything set against it', () => {
  const data = temporaryFolder()
  const service = temporaryFolder()
  const home = temporaryFolder()
  const reached: string[] = []
  let elsewhere: Server
  let engine: Engine

  beforeAll(async () => {
    elsewhere = createServer((request, response) => {
      reached.push(`${request.method} ${request.url}`)
      response.writeHead(500).end()
    })
    elsewhere.listen(0, '127.0.0.1')
    engine = await startEngine({ port: 0, dataDir: data.path })
  })
  afterAll(async () => {
    await engine.close()
    await new Promise((resolve) => elsewhere.close(resolve))
    for (const folder of [data, service, home]) folder.remove()
  })

  it('reaches the engine and nothing else', async () => {
    const account = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`
    const hostile = {
      AWS_ACCESS_KEY_ID: 'AKIAREAL',
      AWS_SECRET_ACCESS_KEY: 'real',
      AWS_PROFILE: 'real',
      AWS_DEFAULT_PROFILE: 'real',
      AWS_DEV_PROFILE: 'real',
      AWS_DEV_ACCESS_KEY_ID: 'AKIAREAL',
      AWS_DEV_SECRET_ACCESS_KEY: 'real',
      AWS_ENDPOINT_URL: account,
      AWS_ENDPOINT_URL_S3: account,
      AWS_ENDPOINT_URL_CLOUDFORMATION: account,
      AWS_ENDPOINT_URL_STS: account,
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${account}/credentials`,
      AWS_REGION: 'eu-central-1',
      HTTP_PROXY: account,
      https_proxy: account,
    }
    mkdirSync(join(home.path, '.aws'))
    const section = `endpoint_url = ${account}\naws_access_key_id = AKIAREAL\naws_secret_access_key = real\n`
    writeFileSync(join(home.path, '.aws', 'credentials'), `[default]\n${section}[real]\n${section}`)
    writeFileSync(join(home.path, '.aws', 'config'), `[default]\n${section}[profile real]\n${section}`)
    writeFileSync(
      join(service.path, '.env'),
      Object.entries({ ...hostile, QUEUE_OF_DOTENV: 'arrived' })
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    )
    writeFileSync(
      join(service.path, 'serverless.yml'),
      JSON.stringify({
        service: 'besieged',
        useDotenv: true,
        custom: { queue: `\${env:QUEUE_OF_DOTENV}` },
        provider: { name: 'aws', stage: 'dev', region: 'us-east-1', profile: 'real' },
        resources: {
          Resources: {
            Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: `\${self:custom.queue}` } },
          },
        },
      }),
    )
    const configFile = join(data.path, 'config')
    const credentialsFile = join(data.path, 'credentials')
    writeFileSync(configFile, '')
    writeFileSync(credentialsFile, credentialsFor(['real']))
    const environment = localEnvironment(
      { PATH: process.env['PATH'], HOME: home.path, ...hostile },
      { endpoint: engine.endpoint, region: 'us-east-1', configFile, credentialsFile },
    )
    const serverless = findServerless(PACKAGE_ROOT, '')
    await deploy(serverless, { serviceDir: service.path, stage: 'dev', region: 'us-east-1', environment })
      .done

    const sqs = new SQSClient(clientConfig(engine.endpoint))
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'arrived' }))
    sqs.destroy()
    expect(QueueUrl).toBe(`${engine.endpoint}/000000000000/arrived`)
    expect(reached).toEqual([])
  }, 60_000)
})
