import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

type Props = {
  title: string
  /** What the button says that does it. */
  verb?: string
  danger?: boolean
  /** Rejects with what is to be shown; the dialog then stays open. */
  onSubmit?: () => Promise<void>
  onClose: () => void
  children: ComponentChildren
}

/** The browser's own modal dialog: it keeps the focus, and Esc closes it. */
export function Dialog({ title, verb, danger, onSubmit, onClose, children }: Props) {
  const element = useRef<HTMLDialogElement>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()
  // Not after the next frame, as an effect would be: the key that comes next is already the dialog's.
  useLayoutEffect(() => {
    const before = document.activeElement
    element.current?.showModal()
    return () => (before as HTMLElement | null)?.focus?.()
  }, [])

  const submit = async (event: Event) => {
    event.preventDefault()
    if (busy || !onSubmit) return
    setBusy(true)
    setError(undefined)
    try {
      await onSubmit()
      onClose()
    } catch (failure) {
      setError((failure as Error).message)
      setBusy(false)
    }
  }
  return (
    <dialog ref={element} aria-labelledby="dialog-title" onClose={onClose}>
      <form onSubmit={submit}>
        <h2 id="dialog-title">{title}</h2>
        <div class="dialog-body">{children}</div>
        {error !== undefined && (
          <p class="error" role="alert">
            {error}
          </p>
        )}
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={onClose}>
            {verb ? 'Leave it' : 'Close'}
          </button>
          {verb && (
            <button type="submit" class={`button button-${danger ? 'danger' : 'primary'}`} disabled={busy}>
              {busy ? 'One moment…' : verb}
            </button>
          )}
        </div>
      </form>
    </dialog>
  )
}
