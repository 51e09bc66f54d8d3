import { randomUUID } from 'node:crypto'
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a subscription gets of an event. */
export type DeliveredEvent = { id: string; timestamp: number; message: string }

export type BatchHeader = {
  logGroup: string
  logStream: string
  filterName: string
  destinationArn: string
  /** Epoch ms: when its first event came. */
  since: number
}

/**
 * Events of one stream that one filter let through, on their way to its function. They stand in a file until the function
 * has taken them, so that a killed engine delivers them when it is back: possibly twice, as on AWS.
 */
export class Batch {
  private constructor(
    readonly path: string,
    readonly header: BatchHeader,
    readonly events: DeliveredEvent[],
  ) {}

  static create(folder: string, header: BatchHeader): Batch {
    const path = join(folder, `${randomUUID()}.ndjson`)
    writeFileSync(path, `${JSON.stringify(header)}\n`)
    return new Batch(path, header, [])
  }

  /** undefined when the engine was killed before the first event was in it. A half-written last event is left out. */
  static load(path: string): Batch | undefined {
    const [header, ...events] = readFileSync(path, 'utf8').split('\n').slice(0, -1)
    if (header === undefined || events.length === 0) return undefined
    return new Batch(
      path,
      JSON.parse(header) as BatchHeader,
      events.map((line) => JSON.parse(line) as DeliveredEvent),
    )
  }

  append(events: DeliveredEvent[]): void {
    appendFileSync(this.path, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
    this.events.push(...events)
  }

  remove(): void {
    rmSync(this.path, { force: true })
  }
}
