import type { Service } from '../../api'

const SNIPPET = `plugins:
  - serverless-slipstream

tasks:
  report:
    function: report
    schedule: every 15 minutes`

export function NoTasks({ service }: { service: Service }) {
  return (
    <div class="empty">
      <h1>No tasks yet</h1>
      <p>
        {service.name} has no scheduled task{service.region ? ` in ${service.region}` : ''}. A task is a
        function and a schedule in <code>serverless.yml</code>:
      </p>
      <pre class="snippet">{SNIPPET}</pre>
      <p>
        Then <code>sls deploy</code>, and it stands here.
      </p>
    </div>
  )
}

export function NotFound({ what, up }: { what: string; up: { href: string; text: string } }) {
  return (
    <div class="empty">
      <h1>Not found</h1>
      <p>{what}</p>
      <p>
        <a href={up.href}>{up.text}</a>
      </p>
    </div>
  )
}
