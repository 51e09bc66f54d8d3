import { setQuery } from '../state/route'

/** What is typed goes into the address, so that a filtered view can be shared. */
export function TaskSearch({ text }: { text: string }) {
  return (
    <label class="search">
      <span class="visually-hidden">Search tasks</span>
      <input
        type="search"
        data-search
        placeholder="Name, tag, owner…   /"
        value={text}
        onInput={(event) => setQuery({ q: event.currentTarget.value })}
      />
    </label>
  )
}
