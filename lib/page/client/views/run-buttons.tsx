import type { RunDetail, Service } from '../../api'
import { openDialog } from '../dialogs/open'
import { Button, copy } from '../parts/button'
import { Icon } from '../parts/icon'
import { note } from '../state/announce'
import { runHash } from '../state/route'

type Props = { detail: RunDetail; attempt: number; service: Service }

export function RunButtons({ detail, attempt, service }: Props) {
  const { run, older, newer, attempts, logGroup, deployed, payload } = detail
  const { task, run: key, scheduledAt, finishedAt } = run
  const stream = attempts.find((one) => one.attempt === attempt)?.logStream
  const command = `${service.program} logs -f ${task} --run ${key}${service.again}`
  const copyCommand = async () => note((await copy(command)) ? `Copied: ${command}` : command, 'done')
  return (
    <div class="buttons">
      {finishedAt === undefined ? (
        <Button
          icon="stop"
          kind="danger"
          onClick={() => openDialog({ what: 'cancel', task, run: key, scheduledAt })}
        >
          Cancel
        </Button>
      ) : (
        <Button
          icon="again"
          kind="primary"
          onClick={() => openDialog({ what: 'rerun', task, run: key, scheduledAt })}
        >
          Run again
        </Button>
      )}
      {deployed && (
        <Button icon="play" onClick={() => openDialog({ what: 'run', tasks: [task], payload })}>
          Run now
        </Button>
      )}
      <Button icon="copy" onClick={copyCommand} title={command}>
        Copy command
      </Button>
      {!service.local && service.region && stream !== undefined && (
        <a
          class="button"
          href={consoleUrl(service.region, logGroup, stream)}
          target="_blank"
          rel="noreferrer"
        >
          <Icon name="out" />
          CloudWatch
        </a>
      )}
      <Neighbour href={older && runHash(task, older)} icon="left" text="Older run ([)" />
      <Neighbour href={newer && runHash(task, newer)} icon="right" text="Newer run (])" />
    </div>
  )
}

function Neighbour({ href, icon, text }: { href: string | null; icon: 'left' | 'right'; text: string }) {
  return href ? (
    <a class="button" href={href} aria-label={text} title={text}>
      <Icon name={icon} />
    </a>
  ) : (
    <span class="button button-off" aria-hidden="true">
      <Icon name={icon} />
    </span>
  )
}

/** The console takes its own parameters encoded twice, with `$` for `%`. */
function consoleUrl(region: string, group: string, stream: string): string {
  const twice = (text: string) => encodeURIComponent(encodeURIComponent(text)).replaceAll('%', '$')
  const base = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}`
  return `${base}#logsV2:log-groups/log-group/${twice(group)}/log-events/${twice(stream)}`
}
