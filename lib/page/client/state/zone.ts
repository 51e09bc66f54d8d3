/** In which time zone times are shown: the reader's own, UTC, or that of the task that is looked at. */
import { pref, setPref, usePref } from './prefs'
import { Store, useStore } from './store'

const ofTask = new Store<string | undefined>(undefined)

const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

/** Where no task is looked at, or its zone is the reader's, there is nothing to choose it for. */
export function setTaskZone(timezone: string | undefined): void {
  ofTask.set(timezone === 'UTC' || timezone === browserZone() ? undefined : timezone)
}

export function zone(): string {
  const wanted = pref('zone')
  if (wanted === 'utc') return 'UTC'
  return (wanted === 'task' ? ofTask.get() : undefined) ?? browserZone()
}

/** The same, and the component is drawn anew when it changes. */
export function useZone(): string {
  usePref('zone')
  useStore(ofTask)
  return zone()
}

/** The reader's, UTC, the task's, and again. */
export function nextZone(): void {
  const wanted = pref('zone')
  if (wanted === 'local') setPref('zone', 'utc')
  else setPref('zone', wanted === 'utc' && ofTask.get() !== undefined ? 'task' : 'local')
}
