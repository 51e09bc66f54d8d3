import type { RunDetail } from '../../api'
import { Why } from '../parts/why'
import { runHash } from '../state/route'

/** What decided it, in a sentence; the line that it speaks of is a link to it. */
export function Verdict({ detail, attempt }: { detail: RunDetail; attempt: number }) {
  const { run, sentence, verdict } = detail
  const words = sentence.startsWith(`${run.status}: `) ? sentence.slice(run.status.length + 2) : ''
  if (!verdict)
    return words ? <p class="verdict">{run.blockedBy === undefined ? words : <Why run={run} />}</p> : null
  const number = String(run.attempt ?? attempt)
  const link = (
    <a href={runHash(run.task, run.run, { attempt: number, L: String(verdict.line) })}>line {verdict.line}</a>
  )
  const [before, after] = words.split(`line ${verdict.line}`, 2)
  return (
    <p class="verdict">
      {after === undefined ? (
        <>
          {words} · {link}
        </>
      ) : (
        <>
          {before}
          {link}
          {words.slice(`${before}line ${verdict.line}`.length)}
        </>
      )}
    </p>
  )
}
