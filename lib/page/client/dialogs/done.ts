import type { ActionAnswer } from '../../api'
import { dateTimeZone } from '../format/time'
import { refreshAll } from '../net/use-poll'
import { note } from '../state/announce'

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g

/** After something was done: say so, times in the reader's zone as everywhere here, and look at everything again. */
export function done({ said }: ActionAnswer): void {
  note(
    said.replace(INSTANT, (instant) => dateTimeZone(Date.parse(instant))),
    'done',
  )
  refreshAll()
}
