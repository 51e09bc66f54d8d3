import { shortKey } from '../../../core/sentence'
import type { RunSummary } from '../../api'
import { runHash } from '../state/route'
import { At } from './time'

/** Why a run is where it is. A run that stood in its way is a link with the reader's own time, as all else here is. */
export function Why({ run }: { run: RunSummary }) {
  const { why, blockedBy, task } = run
  if (blockedBy === undefined) return <>{why}</>
  const [before, after] = why.split(shortKey(blockedBy, run.run))
  if (after === undefined) return <>{why}</>
  return (
    <>
      {before}
      <a href={runHash(task, blockedBy)}>
        <At at={Date.parse(blockedBy)} />
      </a>
      {after}
    </>
  )
}
