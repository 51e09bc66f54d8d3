import { Icon } from '../parts/icon'
import { plain } from './ansi'
import type { Screen } from './screen'

type Props = { path: string; name: string; screen: Screen | undefined; shown: number; filtered: boolean }

/** The whole log as it is stored, or what is shown of it; each says which. */
export function Download({ path, name, screen, shown, filtered }: Props) {
  return (
    <details class="menu">
      <summary class="button" title="Download">
        <Icon name="down" />
        Download
      </summary>
      <div class="menu-items">
        <a href={`${path}?as=text`} download>
          Whole log (.log)
        </a>
        <a href={`${path}?as=ndjson`} download>
          Whole log (.ndjson)
        </a>
        {filtered && screen && (
          <button type="button" onClick={() => save(screen, `${name}-filtered.log`)}>
            Only the {shown.toLocaleString('en')} shown lines (.log)
          </button>
        )}
      </div>
    </details>
  )
}

function save(screen: Screen, name: string): void {
  const lines = screen.lines
    .filter((line) => screen.isShown(line))
    .map(({ time, level, text }) => {
      const before = level === 'NONE' ? '' : `${level}\t`
      return `${new Date(time).toISOString()} ${before}${plain(text)}\n`
    })
  const url = URL.createObjectURL(new Blob(lines, { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name.replaceAll(':', '')
  link.click()
  URL.revokeObjectURL(url)
}
