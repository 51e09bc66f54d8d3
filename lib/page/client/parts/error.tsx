import type { Polled } from '../net/use-poll'
import { refreshAll } from '../net/use-poll'
import { Ago } from './time'

/** Above what is shown where the last look failed: old data with its age is better than none. */
export function StaleBanner({ polled }: { polled: Polled<unknown> }) {
  if (!polled.error) return null
  return (
    <div class="banner banner-error" role="alert">
      <strong>{polled.data === undefined ? 'This cannot be shown.' : 'This is not up to date.'}</strong>{' '}
      {polled.error.message}
      {polled.at !== undefined && (
        <>
          {' '}
          Last seen <Ago at={polled.at} />.
        </>
      )}{' '}
      <button type="button" class="link" onClick={refreshAll}>
        Try again
      </button>
    </div>
  )
}

export function Loading({ what }: { what: string }) {
  return (
    <p class="loading" aria-busy="true">
      Loading {what}…
    </p>
  )
}
