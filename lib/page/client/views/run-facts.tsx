import type { ComponentChildren } from 'preact'
import { duration } from '../../../core/duration'
import type { RunDetail } from '../../api'
import { dateTimeZone } from '../format/time'
import { Chip } from '../parts/chip'
import { triggerWords } from '../parts/runs-table'
import { At, Took } from '../parts/time'
import { runHash, setQuery } from '../state/route'
import { useZone } from '../state/zone'
import { LambdaReport } from './lambda-report'

/** A start that comes so late after its tick is worth a word (milliseconds). */
const DELAY = 1000

export function RunFacts({ detail, attempt }: { detail: RunDetail; attempt: number }) {
  useZone()
  const { run, attempts, payload, requestId, retryAt } = detail
  const first = attempts[0]?.startedAt ?? run.startedAt
  const delay = first === undefined ? 0 : Date.parse(first) - Date.parse(run.scheduledAt)
  return (
    <div class="run-facts">
      <dl class="facts facts-row">
        <Fact name="Scheduled">{dateTimeZone(Date.parse(run.scheduledAt))}</Fact>
        {first !== undefined && (
          <Fact name="Started">
            <At at={Date.parse(first)} />
            {delay > DELAY && run.rerunOf === undefined && run.trigger !== 'backfill' && (
              <span class="muted"> +{duration(delay)}</span>
            )}
          </Fact>
        )}
        {run.startedAt !== undefined && (
          <Fact name={run.finishedAt === undefined ? 'Running for' : 'Took'}>
            <Took from={run.startedAt} to={run.finishedAt} />
          </Fact>
        )}
        <Fact name="Trigger">
          {triggerWords(run)}
          {run.rerunOf !== undefined && (
            <>
              {' of '}
              <a href={runHash(run.task, run.rerunOf)}>this run</a>
            </>
          )}
        </Fact>
        {attempts.length > 0 && (
          <Fact name="Attempt">
            {attempts.length === 1 ? (
              '1'
            ) : (
              <span class="attempts">
                {attempts.map((one) => (
                  <Chip
                    key={one.attempt}
                    on={one.attempt === attempt}
                    title={one.outcome ?? 'running'}
                    onClick={() =>
                      setQuery({
                        attempt: one.attempt === run.attempt ? undefined : String(one.attempt),
                        L: undefined,
                      })
                    }
                  >
                    {one.attempt} <span class="count">{one.outcome ?? 'running'}</span>
                  </Chip>
                ))}
              </span>
            )}
          </Fact>
        )}
        {retryAt !== undefined && run.status === 'RETRYING' && (
          <Fact name="Next attempt">
            <At at={retryAt} />
          </Fact>
        )}
        <Fact name="Run">
          <code>{run.run}</code>
        </Fact>
      </dl>
      {(payload || requestId) && (
        <details class="more-facts">
          <summary>More</summary>
          <dl class="facts">
            <Fact name="Function">
              {detail.function} {detail.qualifier}
            </Fact>
            {payload && (
              <Fact name="Payload">
                <code>{JSON.stringify(payload)}</code>
              </Fact>
            )}
            {requestId && (
              <Fact name="Invocation">
                <code>{requestId}</code> <LambdaReport task={run.task} run={run.run} />
              </Fact>
            )}
            <Fact name="Log">
              <code>
                {detail.logGroup} {attempts.find((one) => one.attempt === attempt)?.logStream}
              </code>
            </Fact>
          </dl>
        </details>
      )}
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
