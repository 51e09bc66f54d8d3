import { useState } from 'preact/hooks'
import { duration } from '../../../core/duration'
import type { LambdaReport as Report } from '../../api'
import { get, type Refused } from '../net/fetch'
import { Button } from '../parts/button'
import { note } from '../state/announce'

/** What Lambda itself says of the last attempt. It is read when asked for: the search of a mixed log is not free. */
export function LambdaReport({ task, run }: { task: string; run: string }) {
  const [report, setReport] = useState<Report>()
  const [asking, setAsking] = useState(false)
  const ask = async () => {
    setAsking(true)
    try {
      setReport(await get(`/api/reports/${encodeURIComponent(task)}/${encodeURIComponent(run)}`))
    } catch (error) {
      note((error as Refused).message, 'error')
    } finally {
      setAsking(false)
    }
  }
  if (!report)
    return (
      <Button onClick={ask} disabled={asking}>
        {asking ? 'Looking…' : 'What Lambda says of it'}
      </Button>
    )
  const { billed, maxMemoryUsed, memorySize, initDuration, lines, logGroup } = report
  if (lines.length === 0)
    return (
      <span role="status">
        Nothing in <code>{logGroup}</code>, or not yet.
      </span>
    )
  return (
    <div role="status">
      {billed !== undefined && `Billed ${duration(billed)}`}
      {maxMemoryUsed !== undefined && ` · ${maxMemoryUsed} of ${memorySize} MB used`}
      {initDuration !== undefined && ` · cold start ${duration(initDuration)}`}
      <pre class="platform">{lines.join('\n')}</pre>
    </div>
  )
}
