/** Shapes on a grid of 16: each state has a form of its own, so that none is told by its colour alone. */
const PATHS = {
  QUEUED: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  RUNNING: 'M8 1.75a6.25 6.25 0 1 1-6.25 6.25',
  RETRYING: 'M13 3v3.5H9.5M12.6 6.4A5.25 5.25 0 1 0 13.25 9',
  SUCCEEDED: 'M2.75 8.5l3.5 3.5 7-8',
  FAILED: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  TIMED_OUT: 'M8 1.75a6.25 6.25 0 1 0 .01 0zM8 4.5V8l2.5 1.75',
  SKIPPED: 'M3 3.5L8 8l-5 4.5M8.5 3.5l5 4.5-5 4.5',
  CANCELLED: 'M8 1.75a6.25 6.25 0 1 0 .01 0zM3.75 12.25l8.5-8.5',
  MISSED: 'M8 2L15 14H1zM8 6.5v3.25M8 11.9h.01',
  PAUSED: 'M5 3v10M11 3v10',
  DISABLED: 'M3 8h10',
  NEW: 'M8 2.5a5.5 5.5 0 1 0 .01 0z',
  search: 'M7 2.5a4.5 4.5 0 1 0 .01 0zM10.5 10.5L14 14',
  play: 'M4.5 2.75v10.5L13 8z',
  again: 'M3 3v3.5h3.5M3.4 6.4A5.25 5.25 0 1 1 2.75 9',
  stop: 'M3.75 3.75h8.5v8.5h-8.5z',
  fill: 'M2.5 3.5h11v9.5h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  down: 'M8 2v8.5M4.5 7L8 10.5 11.5 7M2.5 13.5h11',
  left: 'M10 3L5 8l5 5',
  right: 'M6 3l5 5-5 5',
  close: 'M4 4l8 8M12 4l-8 8',
  out: 'M6.5 3.5h-4v10h10v-4M9 2.5h4.5V7M13 3L7.5 8.5',
  sun: 'M8 5a3 3 0 1 0 .01 0zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3.05 3.05l1.06 1.06M11.9 11.9l1.06 1.06M12.95 3.05l-1.06 1.06M4.1 11.9l-1.06 1.06',
  moon: 'M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1z',
  keys: 'M1.5 4h13v8h-13zM4 6.5h.01M7 6.5h.01M10 6.5h.01M12 6.5h.01M5 9.5h6',
  expand: 'M2.5 6v-3.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
} as const
export type IconName = keyof typeof PATHS

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
