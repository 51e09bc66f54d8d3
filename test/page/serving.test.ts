import { type RequestOptions, request } from 'node:http'
import { urlToHttpOptions } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { type Listening, listen } from '../../lib/page/listen'
import { type Served, servedPage } from './support'

/** As a browser does: `fetch` would not send a Host, a cookie or a request for gzip as they are given. */
function send(to: string | RequestOptions, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      const where = typeof to === 'string' ? urlToHttpOptions(new URL(to)) : to
      request({ ...where, headers, agent: false }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        )
      })
        .once('error', reject)
        .end()
    },
  )
}

describe('the page at the engine’s door', () => {
  let page: Served
  beforeAll(async () => {
    page = await servedPage('serving')
  })
  afterAll(() => page.close())

  it('comes with a policy that lets in no foreign script, style or frame', async () => {
    for (const path of ['/', '/page.js', '/page.css']) {
      const { status, headers } = await send(page.engine.endpoint + path)
      expect([path, status]).toEqual([path, 200])
      expect(headers['content-security-policy']).toMatch(/^default-src 'self';.*frame-ancestors 'none'/)
      expect(headers['content-security-policy']).not.toContain('unsafe')
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
    const html = (await send(page.engine.endpoint)).body.toString()
    // No script and no style in the text, nothing from elsewhere.
    expect(html).not.toMatch(/<script[^>]*>[^<]|<style|style=|https?:\/\//)
  })

  it('does not take what is not its own: AWS calls and unknown paths are the door’s', async () => {
    expect((await send(`${page.engine.endpoint}/2015-03-31/functions`)).status).toBe(403)
    expect((await send(`${page.engine.endpoint}/`, { host: 'evil.example' })).status).toBe(403)
  })

  it('is not brought down by an address that is none', async () => {
    const { hostname, port } = new URL(page.engine.endpoint)
    for (const [path, status] of [
      ['//', 403],
      ['/api/tasks/%zz', 404],
    ] as const)
      expect([path, (await send({ hostname, port, path })).status]).toEqual([path, status])
    expect((await send(page.engine.endpoint)).status).toBe(200)
  })

  it('packs large answers where the browser takes that', async () => {
    const { headers, body } = await send(`${page.engine.endpoint}/page.js`, { 'accept-encoding': 'gzip' })
    expect(headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(body)).toEqual((await send(`${page.engine.endpoint}/page.js`)).body)
  })

  it('answers with a list that is empty where no task is deployed', async () => {
    const { body } = await send(`${page.engine.endpoint}/api/tasks`)
    expect(JSON.parse(body.toString())).toMatchObject({ tasks: [] })
  })
})

describe('the page on a port of its own', () => {
  let own: Listening
  beforeAll(async () => {
    own = await listen((_, outgoing) => {
      outgoing.end('the page')
      return true
    })
  })
  afterAll(() => own.close())

  it('answers only the browser that was given the key', async () => {
    const { origin, port } = new URL(own.url)
    expect((await send(origin)).status).toBe(403)
    expect((await send(`${origin}/?key=wrong`)).status).toBe(403)
    const opened = await send(own.url)
    expect(opened.status).toBe(303)
    expect(opened.headers['location']).toBe('/')
    const [cookie = ''] = opened.headers['set-cookie'] as string[]
    expect(cookie).toMatch(new RegExp(`^slipstream-${port}=\\S+; HttpOnly; SameSite=Strict; Path=/$`))
    const [pair = ''] = cookie.split(';')
    expect((await send(origin, { cookie: pair })).body.toString()).toBe('the page')
    expect((await send(origin, { cookie: `${pair}x` })).status).toBe(403)
    expect((await send(origin, { cookie: pair, host: 'evil.example' })).status).toBe(403)
  })

  it('is not brought down by an address that is none', async () => {
    const { hostname, port } = new URL(own.url)
    expect((await send({ hostname, port, path: '//' })).status).toBe(403)
  })
})
