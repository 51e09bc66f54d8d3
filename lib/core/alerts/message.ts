/** An alert in the words of each channel. Pure. */
import type { Alert } from './alert'

/** SNS API reference, Publish, Subject: ASCII, less than 100 characters, no line breaks. */
const SUBJECT = 99
/** Slack cuts a message's text at 40,000 characters; much less is of use. */
const TEXT = 3000

export const EVENT_SOURCE = 'slipstream'
export const EVENT_TYPE = 'Slipstream Run State Change'

const headline = ({ kind, task, service, reminder }: Alert) =>
  `${reminder ? 'still ' : ''}${kind}: ${task} (${service})`

export function subjectOf(alert: Alert): string {
  return headline(alert)
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, SUBJECT)
}

export function textOf(alert: Alert): string {
  const { tick, sentence, lines, command } = alert
  return [headline(alert), `tick ${tick}`, sentence, ...lines.map((line) => `  ${line}`), `more: ${command}`]
    .join('\n')
    .slice(0, TEXT)
}

const SIGNS: Record<Alert['kind'], string> = {
  failed: ':red_circle:',
  late: ':large_orange_circle:',
  missed: ':red_circle:',
  stuck: ':red_circle:',
  recovered: ':large_green_circle:',
}

/** The body that Slack's incoming webhooks take, and those of Mattermost, Rocket.Chat and others with them. */
export function slackOf(alert: Alert): { text: string } {
  const { kind, tick, sentence, lines, command } = alert
  const block =
    lines.length === 0 ? [] : [`\`\`\`${escaped(lines.join('\n')).replaceAll('```', "'''")}\`\`\``]
  const text = [
    `${SIGNS[kind]} *${escaped(headline(alert))}*`,
    `tick ${tick}`,
    escaped(sentence),
    ...block,
    `\`${escaped(command)}\``,
  ]
  return { text: text.join('\n').slice(0, TEXT) }
}

/** Slack's three control characters, so that no line of a log can mention a channel or make a link. */
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** The event's detail; docs/alerts.md documents it. */
export function detailOf({ service, kind, task, tick, reminder, sentence, lines, command, run }: Alert) {
  return {
    version: 1,
    service,
    kind,
    task,
    tick,
    reminder,
    sentence,
    lines,
    command,
    ...(run ? { run } : {}),
  }
}
