/** SQS, S3, SNS and STS: fauxqs, on loopback only and with its buckets and queues kept. Runs as a worker (backend.ts). */
import { existsSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { persistentBuckets, type S3StoreClass } from './fauxqs-buckets'
import { persistentQueues, type SqsStoreClass } from './fauxqs-queues'
import { followCalls } from './fauxqs-traces'

/** What of fauxqs we touch; its own types name files that it does not ship. */
type App = Parameters<typeof followCalls>[0] & {
  removeContentTypeParser(type: string): void
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer'; bodyLimit: number },
    parser: (request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) => void,
  ): void
  server: Server
  listen(options: { port: number; host: string }): Promise<string>
  close(): Promise<void>
}
type Fauxqs = {
  buildApp(options: { logger: boolean; defaultRegion: string; stores: Record<string, unknown> }): App
}

/** Deployment packages: Lambda takes up to 250 MB of them unzipped (Lambda quotas). */
const LARGEST_OBJECT = 256 * 1024 * 1024

async function start(): Promise<void> {
  // `startFauxqs` listens on every interface and prints, so the application is put together here. Its stores are not
  // among the package's exports; the exact version in package.json is what makes reaching for them safe.
  const part = (path: string) => import(pathToFileURL(join(packageFolder('fauxqs'), 'dist', path)).href)
  const { buildApp } = (await part('app.js')) as Fauxqs
  const { S3Store } = (await part('s3/s3Store.js')) as { S3Store: S3StoreClass }
  const { SqsStore } = (await part('sqs/sqsStore.js')) as { SqsStore: SqsStoreClass }
  const { SnsStore } = (await part('sns/snsStore.js')) as { SnsStore: new () => { region?: string } }

  const { dataDir, endpoint, region } = workerData as { dataDir: string; endpoint: string; region: string }
  const app = buildApp({
    logger: false,
    defaultRegion: region,
    stores: {
      s3Store: persistentBuckets(S3Store, join(dataDir, 's3')),
      sqsStore: persistentQueues(SqsStore, join(dataDir, 'sqs', 'queues.json'), endpoint),
      snsStore: new SnsStore(),
    },
  })
  followCalls(app)
  app.removeContentTypeParser('*')
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LARGEST_OBJECT }, (_request, body, done) =>
    done(null, body),
  )
  // As dynalite-worker.ts.
  app.server.keepAliveTimeout = 0
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  parentPort?.once('message', () => void app.close().then(() => process.exit(0)))
  parentPort?.postMessage({ port: Number(new URL(address).port) })
}

/** `require.resolve` finds no package that can only be imported. */
function packageFolder(name: string): string {
  const folder = require.resolve
    .paths(name)
    ?.map((path) => join(path, name))
    .find((path) => existsSync(path))
  if (folder === undefined) throw new Error(`the package ${name} is not installed`)
  return folder
}

void start()
