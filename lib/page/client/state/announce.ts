/** What happened, said once: seen as a note at the page's foot and read aloud by screen readers. */
import { Store } from './store'

export type Note = { id: number; text: string; kind: 'done' | 'error' }

export const notes = new Store<readonly Note[]>([])
/** Read aloud only. */
export const spoken = new Store('')

const SHOWN_FOR = 8000
let last = 0

export function note(text: string, kind: Note['kind']): void {
  const id = ++last
  notes.set([...notes.get().slice(-2), { id, text, kind }])
  // An error stays until it is put away: nobody may have looked.
  if (kind === 'done') setTimeout(() => dismiss(id), SHOWN_FOR)
}

export function dismiss(id: number): void {
  notes.set(notes.get().filter((one) => one.id !== id))
}
