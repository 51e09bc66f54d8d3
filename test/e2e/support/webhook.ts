import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A webhook on loopback that keeps what it is sent, as Slack's are. */
export async function startWebhook() {
  const texts: string[] = []
  let status = 200
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      if (status === 200) texts.push(JSON.parse(body).text)
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    texts,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    /** What it answers from now on. */
    answer(next: number): void {
      status = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}
