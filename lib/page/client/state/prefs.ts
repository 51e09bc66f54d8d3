/** Tastes, which stay with the reader; what a link should say is in the URL. */
import { Store, useStore } from './store'

const DEFAULTS = {
  theme: 'system' as 'system' | 'light' | 'dark',
  zone: 'local' as 'local' | 'utc' | 'task',
  shortcuts: 'on' as 'on' | 'off',
  wrap: 'on' as 'on' | 'off',
  logTime: 'clock' as 'clock' | 'since' | 'none',
}
type Prefs = typeof DEFAULTS
export type PrefName = keyof Prefs

const keyOf = (name: PrefName) => `slipstream.${name}`

function stored<Name extends PrefName>(name: Name): Prefs[Name] {
  try {
    return (localStorage.getItem(keyOf(name)) as Prefs[Name] | null) ?? DEFAULTS[name]
  } catch {
    // A browser may forbid storage; then a taste lasts as long as the page.
    return DEFAULTS[name]
  }
}

const stores = Object.fromEntries(
  (Object.keys(DEFAULTS) as PrefName[]).map((name) => [name, new Store(stored(name))]),
) as unknown as { [Name in PrefName]: Store<Prefs[Name]> }

export function usePref<Name extends PrefName>(name: Name): Prefs[Name] {
  return useStore<Prefs[Name]>(stores[name] as Store<Prefs[Name]>)
}

export function pref<Name extends PrefName>(name: Name): Prefs[Name] {
  return (stores[name] as Store<Prefs[Name]>).get()
}

export function setPref<Name extends PrefName>(name: Name, value: Prefs[Name]): void {
  ;(stores[name] as Store<Prefs[Name]>).set(value)
  try {
    localStorage.setItem(keyOf(name), value)
  } catch {
    // As above.
  }
}

export function listenPref(name: PrefName, listener: () => void): () => void {
  return (stores[name] as Store<Prefs[PrefName]>).listen(listener)
}
