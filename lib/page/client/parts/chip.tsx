import type { ComponentChildren } from 'preact'

type Props = {
  on: boolean
  onClick: () => void
  /** Of what it stands for, beside its own. */
  kind?: string
  title?: string
  children: ComponentChildren
}

/** A button that is one of several choices, and says whether it is chosen. */
export function Chip({ on, onClick, kind = '', title, children }: Props) {
  return (
    <button
      type="button"
      class={`chip ${kind} ${on ? 'chip-on' : ''}`}
      aria-pressed={on}
      title={title}
      onClick={onClick}
    >
      {children}
    </button>
  )
}
