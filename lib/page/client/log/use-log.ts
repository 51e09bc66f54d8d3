import { useEffect, useRef, useState } from 'preact/hooks'
import { usePref } from '../state/prefs'
import { useZone } from '../state/zone'
import { timeColumn } from './clock'
import { Screen } from './screen'
import { LogSource, type LogState, type Rules } from './source'

export type OpenLog = {
  task: string
  run: string
  attempt: number
  /** Whether more may come. */
  live: boolean
  rules: Rules
  /** The line to be seen first; it is read that far. */
  wanted: number | undefined
  hrefOf: (line: number) => string
}

export type LogHandle = { screen: Screen; source: LogSource }

const START: LogState = {
  loading: true,
  more: false,
  missing: false,
  ended: false,
  error: undefined,
  count: 0,
}

/** Reads a log into `host` for as long as it is shown. `appended` is told of new lines when they stand there. */
export function useLog(
  host: { current: HTMLElement | null },
  { task, run, attempt, live, rules, wanted, hrefOf }: OpenLog,
  appended: (screen: Screen, before: number) => void,
): { state: LogState; log: LogHandle | undefined } {
  const [state, setState] = useState(START)
  const [log, setLog] = useState<LogHandle>()
  const told = useRef(appended)
  told.current = appended
  const mode = usePref('logTime')
  const zone = useZone()

  useEffect(() => {
    const element = host.current
    if (!element) return
    element.replaceChildren()
    setState(START)
    const screen = new Screen(element, hrefOf, timeColumn(mode, zone, 0))
    const source = new LogSource(
      `/api/logs/${[task, run, attempt].map(encodeURIComponent).join('/')}`,
      rules,
      {
        lines: async (lines) => {
          const before = screen.lines.length
          // What the first line's time is the others are counted from.
          if (before === 0) screen.setTime(timeColumn(mode, zone, lines[0]?.time ?? 0))
          screen.append(lines)
          told.current(screen, before)
          await new Promise((resolve) => setTimeout(resolve))
        },
        state: setState,
      },
      live,
      wanted ?? 0,
    )
    setLog({ screen, source })
    return () => source.close()
  }, [task, run, attempt])

  useEffect(() => log?.source.setLive(live), [log, live])
  useEffect(() => {
    log?.screen.setTime(timeColumn(mode, zone, log.screen.lines[0]?.time ?? 0))
  }, [log, mode, zone])
  return { state, log }
}
