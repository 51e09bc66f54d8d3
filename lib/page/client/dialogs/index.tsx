import { useStore } from '../state/store'
import { CancelDialog, PauseDialog, RerunDialog, ResumeDialog, RunDialog } from './actions'
import { BackfillDialog } from './backfill'
import { HelpDialog } from './help'
import { opened } from './open'

/** The dialog that is open, if one is. */
export function OpenDialog() {
  const dialog = useStore(opened)
  switch (dialog?.what) {
    case 'run':
      return <RunDialog tasks={dialog.tasks} payload={dialog.payload} />
    case 'pause':
      return <PauseDialog tasks={dialog.tasks} />
    case 'resume':
      return <ResumeDialog tasks={dialog.tasks} />
    case 'backfill':
      return <BackfillDialog task={dialog.task} timezone={dialog.timezone} />
    case 'rerun':
      return <RerunDialog {...dialog} />
    case 'cancel':
      return <CancelDialog {...dialog} />
    case 'help':
      return <HelpDialog />
    default:
      return null
  }
}
