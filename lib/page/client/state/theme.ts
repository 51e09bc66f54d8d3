import { listenPref, pref, setPref } from './prefs'

const dark = matchMedia('(prefers-color-scheme: dark)')

export const isDark = (): boolean => (pref('theme') === 'system' ? dark.matches : pref('theme') === 'dark')

/** The reader's choice, and without one that of their system, now and when it changes. */
export function applyTheme(): void {
  const apply = () => {
    document.documentElement.dataset['theme'] = isDark() ? 'dark' : 'light'
  }
  apply()
  dark.addEventListener('change', apply)
  listenPref('theme', apply)
}

/** The other one; back to the system's where that is it. */
export function toggleTheme(): void {
  const next = isDark() ? 'light' : 'dark'
  setPref('theme', next === (dark.matches ? 'dark' : 'light') ? 'system' : next)
}
