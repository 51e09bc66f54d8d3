import { useEffect } from 'preact/hooks'
import type { TaskList } from '../api'
import { OpenDialog } from './dialogs'
import { openDialog } from './dialogs/open'
import { type Polled, refreshAll } from './net/use-poll'
import { Loading, StaleBanner } from './parts/error'
import { Header } from './parts/header'
import { Notes } from './parts/notes'
import { Sidebar } from './parts/sidebar'
import { moveFocus, useKeys } from './state/keys'
import { useTaskList } from './state/list'
import { go, hashOf, type Route, tasksHash, useRoute } from './state/route'
import { useTitle } from './state/title'
import { setTaskZone } from './state/zone'
import { NotFound } from './views/empty'
import { RunView } from './views/run'
import { TaskView } from './views/task'
import { TasksView } from './views/tasks'
import { TimelineView } from './views/timeline'

export function App() {
  const list = useTaskList()
  const route = useRoute()
  useTitle(route, list.data?.service.name)
  const task = beside(route) ? list.data?.tasks.find(({ task }) => task === route.path[1]) : undefined
  useEffect(() => setTaskZone(task?.timezone), [task?.timezone])
  useKeys(
    {
      '/': focusSearch,
      '?': () => openDialog({ what: 'help' }),
      j: () => moveFocus(1),
      k: () => moveFocus(-1),
      'g t': () => go(tasksHash()),
      'g l': () => go(hashOf(['timeline'])),
      r: refreshAll,
    },
    true,
  )
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        To the content
      </button>
      <Header service={list.data?.service} route={route} />
      <div class={`frame ${beside(route) ? 'frame-beside' : ''}`}>
        {beside(route) && list.data && <Sidebar rows={list.data.tasks} current={route.path[1]} />}
        <main id="main" tabIndex={-1}>
          <View route={route} list={list} />
        </main>
      </div>
      <Notes />
      <OpenDialog />
    </>
  )
}

/** Views of one task have the list of tasks beside them. */
const beside = ({ path: [kind] }: Route) => kind === 't' || kind === 'r'

function View({ route, list }: { route: Route; list: Polled<TaskList> }) {
  const { data } = list
  if (!data) return list.error ? <StaleBanner polled={list} /> : <Loading what="the tasks" />
  const [kind, task, run] = route.path
  const { poll } = data.service
  if (kind === undefined)
    return (
      <>
        <StaleBanner polled={list} />
        <TasksView list={data} />
      </>
    )
  if (kind === 'timeline' && task === undefined) return <TimelineView list={data} />
  if (kind === 't' && task !== undefined && run === undefined)
    return <TaskView key={task} task={task} poll={poll} />
  if (kind === 'r' && task !== undefined && run !== undefined && route.path.length === 3)
    return <RunView key={`${task} ${run}`} task={task} run={run} service={data.service} />
  return <NotFound what="There is no such view." up={{ href: tasksHash(), text: 'All tasks' }} />
}

function focusSearch(): void {
  const fields = [...document.querySelectorAll<HTMLInputElement>('[data-search]')]
  const field = fields.findLast((one) => one.offsetParent !== null)
  field?.focus()
  field?.select()
}
