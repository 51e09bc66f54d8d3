import type { LogState } from './source'

type Props = { state: LogState; live: boolean; shown: number; kept: string | undefined; loadMore: () => void }

/** What there is of the log, under it: never an empty pane without a word. */
export function LogNotice({ state, live, shown, kept, loadMore }: Props) {
  const { count, loading, more, missing, error } = state
  const lines = `${count.toLocaleString('en')} ${count === 1 ? 'line' : 'lines'}`
  return (
    <p class="log-notice muted">
      {loading && count === 0 && 'Loading the log…'}
      {count > 0 && (shown < count ? `${shown.toLocaleString('en')} of ${lines} shown` : lines)}
      {loading && count > 0 && ', loading…'}
      {!loading && count === 0 && !error && emptyWords(missing, live)}
      {more && (
        <>
          , and there are more.{' '}
          <button type="button" class="link" onClick={loadMore}>
            Load more
          </button>
        </>
      )}
      {error && <span class="error"> {error.message}</span>}
      {kept !== undefined && count > 0 && ` · ${kept}`}
    </p>
  )
}

function emptyWords(missing: boolean, live: boolean): string {
  if (live) return 'Nothing is written yet; lines appear here as they are.'
  return missing ? 'There is no log: none was written, or it is no longer kept.' : 'The log is empty.'
}
