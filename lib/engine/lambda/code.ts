import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { unzipSync } from 'fflate'
import * as z from 'zod/mini'
import { invalid } from './errors'

export const CodeSource = z.strictObject({
  ZipFile: z.optional(z.string()),
  S3Bucket: z.optional(z.string()),
  S3Key: z.optional(z.string()),
  S3ObjectVersion: z.optional(z.string()),
  SourceKMSKeyArn: z.optional(z.string()),
})
export type CodeSource = z.infer<typeof CodeSource>

/** A deployment package. `sha256` in base64, as Lambda shows it; `size` in bytes, of the zip. */
export type Code = { sha256: string; size: number }

/** Where the unpacked deployment packages lie: one folder a content, so versions that share code share the folder. */
export class CodeStore {
  constructor(
    private readonly dir: string,
    private readonly s3: S3Client,
  ) {
    mkdirSync(dir, { recursive: true })
    // Node.js looks upwards for the package.json that says whether a .js file is ESM. Without this it would find the
    // one of the project around our data folder, which is not there on AWS.
    writeFileSync(join(dir, 'package.json'), '{}')
  }

  async add(source: CodeSource): Promise<Code> {
    const zip = await this.bytes(source)
    const digest = createHash('sha256').update(zip).digest()
    const folder = join(this.dir, digest.toString('hex'))
    if (!existsSync(folder)) unpack(zip, folder)
    return { sha256: digest.toString('base64'), size: zip.length }
  }

  folder(code: Code): string {
    return join(this.dir, Buffer.from(code.sha256, 'base64').toString('hex'))
  }

  /** Removes what no function has; only while nothing runs. */
  keepOnly(used: Iterable<Code>): void {
    const keep = new Set([...used].map((code) => this.folder(code)))
    for (const entry of readdirSync(this.dir, { withFileTypes: true })) {
      const path = join(this.dir, entry.name)
      if (entry.isDirectory() && !keep.has(path)) rmSync(path, { recursive: true, force: true })
    }
  }

  private async bytes(source: CodeSource): Promise<Buffer> {
    if (source.ZipFile !== undefined) return Buffer.from(source.ZipFile, 'base64')
    if (source.S3Bucket === undefined || source.S3Key === undefined) {
      throw invalid('Please provide a source for function code.')
    }
    try {
      const object = await this.s3.send(
        new GetObjectCommand({
          Bucket: source.S3Bucket,
          Key: source.S3Key,
          ...(source.S3ObjectVersion === undefined ? {} : { VersionId: source.S3ObjectVersion }),
        }),
      )
      return Buffer.from((await object.Body?.transformToByteArray()) ?? [])
    } catch (error) {
      const { name, message } = error as Error
      throw invalid(
        `Error occurred while GetObject. S3 Error Code: ${name}. S3 Error Message: ${message} (${source.S3Bucket}/${source.S3Key})`,
      )
    }
  }
}

function unpack(zip: Buffer, folder: string): void {
  let files: Record<string, Uint8Array>
  try {
    files = unzipSync(zip)
  } catch {
    throw invalid('Could not unzip uploaded file. Please check your file, then try to upload again.')
  }
  // Unpacked beside its place and moved there whole, so that a kill in between leaves no half package.
  const temporary = `${folder}.new`
  rmSync(temporary, { recursive: true, force: true })
  mkdirSync(temporary, { recursive: true })
  for (const [name, bytes] of Object.entries(files)) {
    const path = resolve(temporary, name)
    if (!path.startsWith(temporary + sep))
      throw invalid(`The deployment package has a file outside of it: ${name}`)
    if (name.endsWith('/')) {
      mkdirSync(path, { recursive: true })
      continue
    }
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes, { mode: 0o755 })
  }
  renameSync(temporary, folder)
}
