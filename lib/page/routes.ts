import type { IncomingMessage, ServerResponse } from 'node:http'
import { usageError } from '../commands/errors'
import type { Session } from '../commands/session'
import { RUN_KEY } from '../core/names'
import { act, isAction } from './actions'
import type { Service, TaskList } from './api'
import { SAFETY_HEADERS } from './assets'
import { readLambdaReport } from './read/lambda-report'
import { TaskLister } from './read/list'
import { logAnswer, logFile, openLog, stream } from './read/log'
import { readRunDetail } from './read/run'
import { readRunsBefore, readTaskDetail } from './read/task'
import { readTimeline } from './read/timeline'
import { respondJson } from './respond'

/** Two tabs, or an impatient reader, get the same answer (milliseconds). */
const LIST_FOR = 1500
/** The longest stretch of a timeline (milliseconds), and how many tasks at once. */
const LONGEST = 31 * 86_400_000
const MOST_ROWS = 100

type Ask = { incoming: IncomingMessage; outgoing: ServerResponse; parts: string[]; query: URLSearchParams }

/** Answers what is below `/api/`. */
export class Routes {
  readonly #lister: TaskLister
  #list: { answer: Promise<TaskList>; at: number } | undefined

  constructor(
    private readonly session: Session,
    private readonly service: Service,
  ) {
    this.#lister = new TaskLister(session)
  }

  /** Resolves to false where there is no such path. */
  async read(ask: Ask): Promise<boolean> {
    const { incoming, outgoing, parts, query } = ask
    const json = async (value: unknown) => {
      await respondJson(incoming, outgoing, value)
      return true
    }
    const [what, first, second, third] = parts
    switch (`${what}/${parts.length}`) {
      case 'tasks/1':
        return json(await this.list())
      case 'tasks/2':
        return json(await readTaskDetail(this.session, first ?? ''))
      case 'runs/2':
        return json(await readRunsBefore(this.session, first ?? '', keyOf(query.get('before') ?? '')))
      case 'runs/3':
        return json(await readRunDetail(this.session, first ?? '', keyOf(second ?? '')))
      case 'reports/3':
        return json(await readLambdaReport(this.session, first ?? '', keyOf(second ?? '')))
      case 'timeline/1':
        return json(await this.timeline(query))
      case 'logs/4':
        await this.log(ask, { task: first ?? '', run: keyOf(second ?? ''), attempt: Number(third) })
        return true
      default:
        return false
    }
  }

  /** Resolves to false where there is no such action. */
  async act({ incoming, outgoing, parts }: Ask, body: unknown): Promise<boolean> {
    const [what, name = ''] = parts
    if (what !== 'actions' || parts.length !== 2 || !isAction(name)) return false
    try {
      await respondJson(incoming, outgoing, await act(this.session, name, body))
    } finally {
      this.#list = undefined
      this.#lister.forget(tasksOf(body))
    }
    return true
  }

  /** What goes wrong is told to whoever asks next. */
  warm(): void {
    this.list().catch(() => {})
  }

  private list(): Promise<TaskList> {
    const now = performance.now()
    if (this.#list && now - this.#list.at < LIST_FOR) return this.#list.answer
    const answer = this.#lister
      .read()
      .then((tasks) => ({ service: this.service, now: this.session.now(), tasks }))
    this.#list = { answer, at: now }
    answer.catch(() => {
      this.#list = undefined
    })
    return answer
  }

  private async timeline(query: URLSearchParams) {
    const from = Number(query.get('from'))
    const to = Number(query.get('to'))
    if (!(from > 0) || !(to > from) || to - from > LONGEST)
      throw usageError('from and to must be epoch milliseconds, at most 31 days apart')
    const names = (query.get('tasks') ?? '').split(',').slice(0, MOST_ROWS)
    const tasks = (await this.session.tasks()).filter(({ task }) => names.includes(task))
    return readTimeline(this.session, tasks, from, to)
  }

  private async log(
    { outgoing, query }: Ask,
    at: { task: string; run: string; attempt: number },
  ): Promise<void> {
    const file = query.get('as')
    const token = query.get('token') ?? undefined
    const reader = await openLog(this.session, { ...at, token, line: Number(query.get('line') ?? 0) })
    if (file === 'text' || file === 'ndjson') {
      const name = `${at.task}-${at.run}-${at.attempt}.${file === 'text' ? 'log' : 'ndjson'}`
      outgoing.writeHead(200, {
        ...SAFETY_HEADERS,
        'content-type': `${file === 'text' ? 'text/plain' : 'application/x-ndjson'}; charset=utf-8`,
        // Colons, which a run's key has, are not for file names.
        'content-disposition': `attachment; filename="${name.replaceAll(':', '')}"`,
      })
      return stream(logFile(reader, at, file), outgoing)
    }
    outgoing.writeHead(200, { ...SAFETY_HEADERS, 'content-type': 'application/x-ndjson; charset=utf-8' })
    return stream(logAnswer(reader), outgoing)
  }
}

function keyOf(text: string): string {
  if (!RUN_KEY.test(text)) throw usageError(`not the key of a run: ${text}`)
  return text
}

function tasksOf(body: unknown): string[] {
  const { task, tasks } = (body ?? {}) as { task?: unknown; tasks?: unknown }
  return [task, ...(Array.isArray(tasks) ? tasks : [])].filter((name) => typeof name === 'string')
}
