import type { Service } from '../../api'
import { openDialog } from '../dialogs/open'
import { usePref } from '../state/prefs'
import { hashOf, type Route, tasksHash } from '../state/route'
import { isDark, toggleTheme } from '../state/theme'
import { nextZone, useZone } from '../state/zone'
import { Button } from './button'

export function Header({ service, route }: { service: Service | undefined; route: Route }) {
  const zone = useZone()
  usePref('theme')
  const kind = route.path[0]
  const dark = isDark()
  return (
    <header class="top">
      <a class="brand" href={tasksHash()}>
        <Mark />
        <span class="brand-name">{service?.name ?? 'Slipstream'}</span>
      </a>
      {service && <span class="where">{service.local ? 'local' : service.region}</span>}
      <nav aria-label="Views">
        <a href={tasksHash()} aria-current={kind === undefined ? 'page' : undefined}>
          Tasks
        </a>
        <a href={hashOf(['timeline'])} aria-current={kind === 'timeline' ? 'page' : undefined}>
          Timeline
        </a>
      </nav>
      <div class="spacer" />
      <div class="buttons">
        <Button
          onClick={nextZone}
          title="Times in the browser’s zone, in UTC, or in that of the task you look at"
        >
          {zone}
        </Button>
        <Button
          icon={dark ? 'sun' : 'moon'}
          label={dark ? 'Light colours' : 'Dark colours'}
          onClick={toggleTheme}
        />
        <Button icon="keys" label="Keys (?)" onClick={() => openDialog({ what: 'help' })} />
      </div>
    </header>
  )
}

/** Three streams, one after the other. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d="M2 5.5h9.5a2.5 2.5 0 1 0-2.4-3.2" />
      <path d="M2 10h13.5a2.5 2.5 0 1 1-2.4 3.2" />
      <path d="M2 14.5h6a2 2 0 1 1-1.9 2.6" />
    </svg>
  )
}
