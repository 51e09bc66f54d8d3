import { dismiss, notes, spoken } from '../state/announce'
import { useStore } from '../state/store'
import { Button } from './button'
import { Icon } from './icon'

/** What was just done or went wrong; and for those who listen, what changed. */
export function Notes() {
  const shown = useStore(notes)
  const said = useStore(spoken)
  return (
    <>
      <div class="notes" role="status">
        {shown.map(({ id, text, kind }) => (
          <div key={id} class={`note note-${kind}`}>
            <Icon name={kind === 'error' ? 'MISSED' : 'SUCCEEDED'} />
            <span>{text}</span>
            <Button icon="close" label="Put away" onClick={() => dismiss(id)} />
          </div>
        ))}
      </div>
      <div class="visually-hidden" role="status">
        {said}
      </div>
    </>
  )
}
