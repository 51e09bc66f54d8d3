import type { ActionAnswer } from '../../api'
import { refreshAll } from '../net/use-poll'
import { note } from '../state/announce'

/** After something was done: say so, and look at everything again. */
export function done({ said }: ActionAnswer): void {
  note(said, 'done')
  refreshAll()
}
