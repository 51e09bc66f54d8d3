import { measureCases } from './cases'
import type { Bench } from './figure'

/** Of a task that is due every half minute, whose runs share a look every 31 ticks. */
export const frequentCases = ({ shared, progress }: Bench) =>
  shared('frequent cases', () =>
    measureCases({ every: 30, warmUp: 8, counted: 31, countedOthers: 4, progress }),
  )

/** Of one that is due every five minutes: as of any with a cron of its own. */
export const plainCases = ({ shared, progress }: Bench) =>
  shared('plain cases', () => measureCases({ every: 300, warmUp: 4, counted: 4, countedOthers: 4, progress }))
