/** One dialog at a time, opened from anywhere. */
import { Store } from '../state/store'

export type Opened =
  | { what: 'run'; tasks: string[]; payload?: Record<string, unknown> | undefined }
  | { what: 'pause' | 'resume'; tasks: string[] }
  | { what: 'backfill'; task: string; timezone: string }
  | { what: 'rerun' | 'cancel'; task: string; run: string; scheduledAt: string }
  | { what: 'help' }

export const opened = new Store<Opened | undefined>(undefined)
export const openDialog = (dialog: Opened) => opened.set(dialog)
export const closeDialog = () => opened.set(undefined)
// Back, or another address: what it asks is about the view that is left.
addEventListener('hashchange', closeDialog)
