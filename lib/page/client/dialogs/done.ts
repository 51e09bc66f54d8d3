import type { ActionAnswer } from '../../api'
import { refreshAll } from '../net/use-poll'
import { note } from '../state/announce'
import { runHash } from '../state/route'

/** After something was done: say so, with the way to what came of it, and look at everything again. */
export function done({ said, run }: ActionAnswer, task?: string): void {
  const link =
    run !== undefined && task !== undefined ? { href: runHash(task, run), text: 'Open it' } : undefined
  note(said, 'done', link)
  refreshAll()
}
