import { useEffect, useRef, useState } from 'preact/hooks'
import { Button, copy } from '../parts/button'
import { note } from '../state/announce'
import { useKeys } from '../state/keys'
import { setPref, usePref } from '../state/prefs'
import { runHash, setQuery, useRoute } from '../state/route'
import { useZone } from '../state/zone'
import { Download } from './download'
import { Levels, parseLevels } from './levels'
import { LogNotice } from './notice'
import { parseRange } from './range'
import type { Rules } from './source'
import { useFollow } from './use-follow'
import { useLog } from './use-log'
import { useSearch } from './use-search'

type Props = {
  task: string
  run: string
  attempt: number
  live: boolean
  rules: Rules
  /** The line to open at where the URL names none. */
  failing: number | undefined
  /** Until when it is kept, in words. */
  kept: string | undefined
}

/** The log of one attempt, whole. */
export function LogView({ task, run, attempt, live, rules, failing, kept }: Props) {
  const { query } = useRoute()
  const host = useRef<HTMLElement>(null)
  const frame = useRef<HTMLElement>(null)
  const opened = useRef(false)
  const [, redraw] = useState(0)
  const wrap = usePref('wrap')
  const time = usePref('logTime')
  const zone = useZone()
  const range = parseRange(query.get('L'))
  const target = range?.[0] ?? failing
  const follow = useFollow(host, live && target === undefined)
  const hrefOf = (line: number) => runHash(task, run, { attempt: String(attempt), L: String(line) })

  const { state, log } = useLog(
    host,
    { task, run, attempt, live, rules, wanted: target, hrefOf },
    (screen, before) => {
      if (target !== undefined && !opened.current && screen.lines.length >= target) {
        opened.current = true
        if (range) screen.mark(range)
        screen.scrollTo(target)
      }
      if (before > 0 || live) follow.keep()
      redraw(screen.lines.length)
    },
  )
  const screen = log?.screen
  const levels = parseLevels(query.get('level'))
  const levelKey = query.get('level')
  useEffect(() => screen?.show(levels), [screen, levelKey])
  useEffect(() => screen?.setWrap(wrap === 'on'), [screen, wrap])
  useEffect(() => {
    screen?.mark(range)
    if (range) screen?.reveal(range[0])
  }, [screen, query.get('L')])
  const search = useSearch(screen, query.get('q') ?? '', `${state.count} ${levelKey}`)

  const select = (line: number, extend = false) => {
    const from = extend && range ? Math.min(range[0], line) : line
    const to = extend && range ? Math.max(range[1], line) : line
    setQuery({ L: from === to ? `${from}` : `${from}-${to}` })
  }
  useLineLinks(host, select)
  const goTo = (line: number | undefined) => {
    if (line === undefined) return
    follow.set(false)
    select(line)
    screen?.scrollTo(line)
  }
  const nextError = () => {
    const after = range?.[1] ?? 0
    const errors = screen?.lines.filter((line) => line.counts && screen.isShown(line)) ?? []
    goTo((errors.find(({ number }) => number > after) ?? errors[0])?.number)
  }
  const step = (by: 1 | -1) => {
    const lines = screen?.lines ?? []
    const from = range ? (by > 0 ? range[1] : range[0]) : by > 0 ? 0 : lines.length + 1
    for (let line = from + by; line >= 1 && line <= lines.length; line += by) {
      const one = lines[line - 1]
      if (one && screen?.isShown(one)) return goTo(line)
    }
  }
  const copyLink = async () => {
    const L = range ? `${range[0]}${range[0] === range[1] ? '' : `-${range[1]}`}` : undefined
    const url = new URL(runHash(task, run, { attempt: String(attempt), L }), location.href)
    note((await copy(url.href)) ? 'The link is copied.' : url.href, 'done')
  }
  const full = () => {
    if (document.fullscreenElement) void document.exitFullscreen()
    else void frame.current?.requestFullscreen()
  }
  const turn = () => setPref('logTime', time === 'clock' ? 'since' : time === 'since' ? 'none' : 'clock')
  useKeys({
    e: nextError,
    n: () => search.step(1),
    'Shift+N': () => search.step(-1),
    w: () => setPref('wrap', wrap === 'on' ? 'off' : 'on'),
    t: turn,
    f: () => follow.set(!follow.following),
    'Shift+F': full,
    c: () => void copyLink(),
    j: () => step(1),
    k: () => step(-1),
  })

  const counts = screen?.counts
  const shown = counts
    ? sum(Object.entries(counts).filter(([level]) => !levels || levels.has(level as never)))
    : 0
  const path = `/api/logs/${[task, run, attempt].map(encodeURIComponent).join('/')}`
  return (
    <section class="log-frame" ref={frame} aria-label="Log">
      <div class="log-bar">
        <form
          class="search"
          onSubmit={(event) => {
            event.preventDefault()
            search.step(1)
          }}
        >
          <label>
            <span class="visually-hidden">Search the whole log</span>
            <input
              type="search"
              data-search
              placeholder="Search the whole log   /"
              value={search.text}
              onInput={(event) => search.setText(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && event.shiftKey) {
                  event.preventDefault()
                  search.step(-1)
                }
              }}
            />
          </label>
          <span class="matches" role="status">
            {search.text === '' ? '' : `${search.at + 1} of ${search.found.length}`}
          </span>
          <Button
            icon="left"
            label="Previous match (Shift+N)"
            onClick={() => search.step(-1)}
            disabled={search.found.length === 0}
          />
          <Button
            icon="right"
            label="Next match (n)"
            onClick={() => search.step(1)}
            disabled={search.found.length === 0}
          />
        </form>
        {counts && <Levels counts={counts} chosen={levels} />}
        <div class="spacer" />
        <div class="buttons">
          <Button
            icon="FAILED"
            onClick={nextError}
            title="Next error (e)"
            disabled={!screen?.lines.some(({ counts }) => counts)}
          >
            Next error
          </Button>
          <Button
            pressed={wrap === 'on'}
            onClick={() => setPref('wrap', wrap === 'on' ? 'off' : 'on')}
            title="Wrap lines (w)"
          >
            Wrap
          </Button>
          <Button onClick={turn} title="Time of lines (t)">
            {time === 'clock' ? zone : time === 'since' ? 'Since start' : 'No time'}
          </Button>
          {live && (
            <Button
              pressed={follow.following}
              onClick={() => follow.set(!follow.following)}
              title="Follow (f)"
            >
              {follow.following ? 'Following' : 'Follow'}
            </Button>
          )}
          <Download
            path={path}
            name={`${task}-${run}-${attempt}`}
            screen={screen}
            shown={shown}
            filtered={levels !== undefined}
          />
          <Button icon="expand" label="Log in full (Shift+F)" onClick={full} />
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1) */}
      <section class={`log time-${time}`} ref={host} aria-label="Lines of the log" tabIndex={0} />
      <LogNotice
        state={state}
        live={live}
        shown={shown}
        kept={kept}
        loadMore={() => log?.source.loadMore()}
      />
    </section>
  )
}

/** A click on a line's number puts it in the URL; with Shift all lines from the one that was there. */
function useLineLinks(
  host: { current: HTMLElement | null },
  select: (line: number, extend: boolean) => void,
): void {
  const latest = useRef(select)
  latest.current = select
  useEffect(() => {
    const onClick = (event: MouseEvent) => {
      const line = (event.target as HTMLElement).dataset['line']
      if (line === undefined || event.ctrlKey || event.metaKey) return
      event.preventDefault()
      latest.current(Number(line), event.shiftKey)
    }
    const element = host.current
    element?.addEventListener('click', onClick)
    return () => element?.removeEventListener('click', onClick)
  }, [])
}

const sum = (entries: [string, number][]) => entries.reduce((total, [, count]) => total + count, 0)
