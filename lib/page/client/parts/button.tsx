import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon'

type Props = {
  icon?: IconName
  kind?: 'primary' | 'danger' | 'plain'
  onClick: () => void
  disabled?: boolean
  title?: string
  /** Where there is no text to read. */
  label?: string
  pressed?: boolean
  children?: ComponentChildren
}

export function Button({ icon, kind = 'plain', onClick, disabled, title, label, pressed, children }: Props) {
  return (
    <button
      type="button"
      class={`button button-${kind}`}
      onClick={onClick}
      disabled={disabled ?? false}
      title={title ?? label}
      aria-label={label}
      aria-pressed={pressed}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

/** Puts a text on the clipboard and says so. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
