import type { Io } from '../../../lib/commands/io'

/** Collects what a command writes: a terminal of 80 columns without colours, and nobody there to answer. */
export class FakeIo implements Io {
  readonly data: string[] = []
  readonly talk: string[] = []
  width = 80
  colour = false
  ask: Io['ask'] = undefined

  out = (text: string) => void this.data.push(text)
  say = (text: string) => void this.talk.push(text)

  /** What stands on stdout, as one JSON value. */
  json(): unknown {
    return JSON.parse(this.data.join('\n'))
  }
}
