import { setPref, usePref } from '../state/prefs'
import { Dialog } from './dialog'
import { closeDialog } from './open'

const KEYS: [string, [string, string][]][] = [
  [
    'Everywhere',
    [
      ['/', 'search'],
      ['j k', 'next, previous row'],
      ['Enter', 'open'],
      ['Esc', 'up'],
      ['g t', 'tasks'],
      ['g l', 'timeline'],
      ['r', 'look again now'],
      ['?', 'this'],
    ],
  ],
  [
    'A run',
    [
      ['[ ]', 'older, newer run'],
      ['e', 'next error'],
      ['n N', 'next, previous match'],
      ['w', 'wrap lines'],
      ['t', 'time of lines'],
      ['f', 'follow'],
      ['Shift+F', 'log in full'],
      ['c', 'copy the link of the line'],
    ],
  ],
]

export function HelpDialog() {
  const shortcuts = usePref('shortcuts')
  return (
    <Dialog title="Keys" onClose={closeDialog}>
      <div class="help">
        {KEYS.map(([where, keys]) => (
          <section key={where}>
            <h3>{where}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    {key.split(' ').map((one) => (
                      <kbd key={one}>{one}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={shortcuts === 'on'}
          onChange={(event) => setPref('shortcuts', event.currentTarget.checked ? 'on' : 'off')}
        />{' '}
        Single keys do something
      </label>
    </Dialog>
  )
}
