import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { built } from '../../lib/paths'
import { startNode } from '../support/child'

const preload = built('lib', 'engine', 'aws-guard.js')

async function lines(script: string): Promise<string[]> {
  const node = startNode(script, { preload })
  const said: string[] = []
  try {
    while (true) said.push(await node.line())
  } catch {
    await node.ended
    return said
  }
}

describe('a process with the guard', () => {
  it.each([
    'sqs.us-east-1.amazonaws.com',
    'x.s3.amazonaws.com',
    'S3.CN-NORTH-1.AMAZONAWS.COM.CN',
    'lambda.us-east-1.api.aws',
    'dynamodb.us-east-1.amazonaws.com.',
  ])('cannot resolve or connect to %s, and is told why', async (host) => {
    const said = await lines(`
      const host = ${JSON.stringify(host)}, say = (error) => console.log(error.code + ' ' + error.message)
      require('https').get({ host }).on('error', say)
      require('net').connect(443, host).on('error', say)
      require('dns').lookup(host, say)
      require('dns').promises.lookup(host).catch(say)
      fetch('https://' + host).catch((error) => say(error.cause))`)
    expect(said).toHaveLength(5)
    for (const line of said) {
      expect(line.toLowerCase()).toContain(host.toLowerCase().replace(/\.$/, ''))
      expect(line).toContain('SLIPSTREAM_AWS_REFUSED slipstream: a local run never reaches AWS')
    }
  })

  it.each(['169.254.169.254', '169.254.170.2', 'fd00:ec2::254'])(
    'cannot ask %s for credentials',
    async (host) => {
      const said = await lines(`
      const say = (error) => console.log(error.code)
      require('http').get({ host: ${JSON.stringify(host)} }).on('error', say)`)
      expect(said).toEqual(['SLIPSTREAM_AWS_REFUSED'])
    },
  )

  it('reaches everything else as ever', async () => {
    const server = createServer((_, response) => response.end('here')).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    try {
      const said = await lines(`
        fetch('http://127.0.0.1:${port}').then((r) => r.text()).then(console.log)
        require('http').get('http://localhost:${port}/amazonaws.com', (r) => r.on('data', (d) => console.log(String(d))))
        require('dns').lookup('localhost', (error) => console.log(error ?? 'found'))`)
      expect(said.sort()).toEqual(['found', 'here', 'here'])
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })
})
