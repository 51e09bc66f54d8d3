import { randomUUID } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LogStream, type StreamHeader } from './stream'

/** A name has at most 512 characters, each at most 6 bytes in JSON. */
const LONGEST_HEADER = 4096

/**
 * The streams of one log group, a file each. A stream's name can be longer than a file's may be and holds `/`, so it stands
 * in the file's first line. The file's own name is random, because a stream that was deleted and made again is another
 * one: its events get other ids.
 */
export class StreamFolder {
  private readonly streams = new Map<string, LogStream>()

  constructor(private readonly path: string) {
    mkdirSync(path, { recursive: true })
    for (const file of readdirSync(path)) {
      const streamPath = join(path, file)
      const header = readHeader(streamPath)
      if (header) this.streams.set(header.name, new LogStream(streamPath, header))
      // Killed while it was made: nobody was told that it exists.
      else rmSync(streamPath)
    }
  }

  get(name: string): LogStream | undefined {
    return this.streams.get(name)
  }

  all(): LogStream[] {
    return [...this.streams.values()]
  }

  /** The name must be free. */
  create(name: string, creationTime: number): void {
    const header: StreamHeader = { name, creationTime }
    const path = join(this.path, `${randomUUID()}.ndjson`)
    writeFileSync(path, `${JSON.stringify(header)}\n`)
    this.streams.set(name, new LogStream(path, header))
  }

  delete(name: string): void {
    const stream = this.streams.get(name)
    if (!stream) return
    rmSync(stream.path)
    this.streams.delete(name)
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

function readHeader(path: string): StreamHeader | undefined {
  const buffer = Buffer.alloc(LONGEST_HEADER)
  const file = openSync(path, 'r')
  try {
    const length = readSync(file, buffer, 0, LONGEST_HEADER, 0)
    const end = buffer.subarray(0, length).indexOf('\n')
    return end < 0 ? undefined : (JSON.parse(buffer.toString('utf8', 0, end)) as StreamHeader)
  } finally {
    closeSync(file)
  }
}
