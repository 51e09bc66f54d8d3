/**
 * Preloaded (`--require`) into the Node.js processes of a local run, deployment and functions alike: whatever
 * credentials and endpoints they come to hold, none of them can reach AWS. A second fence; the first is the environment
 * they are given. Stands alone, since it runs inside users' functions.
 */
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

/** Domains of AWS's public endpoints in every partition (AWS General Reference, service endpoints; botocore). */
const DOMAINS =
  /(^|\.)(amazonaws\.com(\.cn)?|amazonaws\.eu|api\.aws|api\.amazonwebservices\.com\.cn|on\.aws|c2s\.ic\.gov|sc2s\.sgov\.gov)\.?$/i

/** Instance metadata, container credentials and Pod Identity (EC2, ECS and EKS user guides). */
const ADDRESSES = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  'fd00:ec2::254',
  'fd00:ec2::23',
])

function refusal(host: unknown): NodeJS.ErrnoException | undefined {
  if (typeof host !== 'string' || !(DOMAINS.test(host) || ADDRESSES.has(host.toLowerCase()))) return undefined
  return Object.assign(
    new Error(`slipstream: a local run never reaches AWS, and something here tried to connect to ${host}`),
    { code: 'SLIPSTREAM_AWS_REFUSED', hostname: host },
  )
}

type Lookup = (host: string, ...rest: unknown[]) => unknown

const lookup = dns.lookup as Lookup
Object.assign(dns, {
  lookup(host: string, ...rest: unknown[]) {
    const error = refusal(host)
    const done = rest.at(-1)
    if (!error || typeof done !== 'function') return lookup(host, ...rest)
    process.nextTick(done as (error: Error) => void, error)
    return {}
  },
})

const lookupPromise = dns.promises.lookup as Lookup
Object.assign(dns.promises, {
  lookup(host: string, ...rest: unknown[]) {
    const error = refusal(host)
    return error ? Promise.reject(error) : lookupPromise(host, ...rest)
  },
})

// http, https, http2 and fetch (undici) all connect through a Socket; the port and host may come as an options object,
// as (port, host), or, from Node.js itself, as an array that holds the options.
const connect = net.Socket.prototype.connect as (this: net.Socket, ...args: unknown[]) => net.Socket
net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0]
  const host = first !== null && typeof first === 'object' ? (first as { host?: unknown }).host : args[1]
  const error = refusal(host)
  if (!error) return connect.apply(this, args)
  process.nextTick(() => this.destroy(error))
  return this
} as typeof net.Socket.prototype.connect

syncBuiltinESMExports()
