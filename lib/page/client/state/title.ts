import { useEffect } from 'preact/hooks'
import type { Route } from './route'

/** The tab says where it is, what differs first. */
export function useTitle({ path: [kind, task, run] }: Route, service: string | undefined): void {
  useEffect(() => {
    const what = kind === 'timeline' ? 'Timeline' : kind === 'r' ? `${task} ${run}` : task
    document.title = [what, service, 'Slipstream'].filter(Boolean).join(' · ')
  })
}
