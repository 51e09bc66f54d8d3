import type { TaskRow } from '../../api'
import { statesOf } from './states'

export type Filter = { text: string; states: readonly string[]; tag: string | undefined }

/** Of an address. LATE is what MISSED was called in those that were kept. */
export function filterOf(query: URLSearchParams): Filter {
  const states = (query.get('status') ?? '').split(',').filter((state) => state !== '')
  return {
    text: (query.get('q') ?? '').trim(),
    states: states.map((state) => (state === 'LATE' ? 'MISSED' : state)),
    tag: query.get('tag') ?? undefined,
  }
}

/** Every word must be in the name, the description, a tag or the owner; any of the states must hold. */
export function matches(row: TaskRow, { text, states, tag }: Filter): boolean {
  if (tag !== undefined && !row.tags.includes(tag)) return false
  if (states.length > 0 && !statesOf(row).some((state) => states.includes(state))) return false
  if (text === '') return true
  const { task, description = '', tags, owner = '' } = row
  const hay = `${task} ${description} ${tags.join(' ')} ${owner}`.toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word))
}
