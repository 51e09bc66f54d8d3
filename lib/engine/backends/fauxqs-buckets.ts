import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StateFile } from '../state-file'

type S3Object = {
  key: string
  body: Buffer
  contentType: string
  etag: string
  lastModified: Date
  metadata: Record<string, string>
}
type S3Store = {
  bucketCreationDates: Map<string, Date>
  createBucket(name: string): void
  deleteBucket(name: string): void
  hasBucket(name: string): boolean
  putObject(
    bucket: string,
    key: string,
    body: Buffer,
    contentType?: string,
    metadata?: Record<string, string>,
  ): S3Object
  deleteObject(bucket: string, key: string): void
  completeMultipartUpload(uploadId: string, parts: unknown[]): S3Object
  multipartUploads: Map<string, { bucket: string }>
}
export type S3StoreClass = new () => S3Store

/** An object without its body, which lies beside it in a file of its own. */
type Kept = Omit<S3Object, 'body' | 'lastModified'> & { lastModified: string }
const NOTHING = (): Kept => {
  throw new Error('an object of the local engine has lost its description')
}

/**
 * Buckets that outlive the engine: a folder each, with `HASH.json` and `HASH.body` for every object. The body is written
 * first, so a kill between the two leaves a body that nobody knows, never an object without one.
 */
export function persistentBuckets(Store: S3StoreClass, root: string): S3Store {
  const folder = (bucket: string) => join(root, bucket)
  const path = (bucket: string, key: string) =>
    join(folder(bucket), createHash('sha256').update(key).digest('hex'))

  class PersistentStore extends Store {
    override createBucket(name: string): void {
      super.createBucket(name)
      mkdirSync(folder(name), { recursive: true })
    }

    override deleteBucket(name: string): void {
      super.deleteBucket(name)
      rmSync(folder(name), { recursive: true, force: true })
    }

    override putObject(...args: Parameters<S3Store['putObject']>): S3Object {
      return this.keep(args[0], super.putObject(...args))
    }

    override completeMultipartUpload(uploadId: string, parts: unknown[]): S3Object {
      const bucket = this.multipartUploads.get(uploadId)?.bucket ?? ''
      return this.keep(bucket, super.completeMultipartUpload(uploadId, parts))
    }

    override deleteObject(bucket: string, key: string): void {
      super.deleteObject(bucket, key)
      rmSync(`${path(bucket, key)}.json`, { force: true })
      rmSync(`${path(bucket, key)}.body`, { force: true })
    }

    restore(): void {
      mkdirSync(root, { recursive: true })
      for (const bucket of readdirSync(root)) {
        super.createBucket(bucket)
        for (const name of readdirSync(folder(bucket)).filter((name) => name.endsWith('.json'))) {
          const file = join(folder(bucket), name)
          const kept = new StateFile<Kept>(file, NOTHING).load()
          const body = readFileSync(file.replace(/json$/, 'body'))
          const object = super.putObject(bucket, kept.key, body, kept.contentType, kept.metadata)
          object.etag = kept.etag
          object.lastModified = new Date(kept.lastModified)
        }
      }
    }

    private keep(bucket: string, object: S3Object): S3Object {
      const { key, contentType, etag, metadata, lastModified } = object
      writeFileSync(`${path(bucket, key)}.body`, object.body)
      new StateFile<Kept>(`${path(bucket, key)}.json`, NOTHING).save({
        key,
        contentType,
        etag,
        metadata,
        lastModified: lastModified.toISOString(),
      })
      return object
    }
  }

  const store = new PersistentStore()
  store.restore()
  return store
}
