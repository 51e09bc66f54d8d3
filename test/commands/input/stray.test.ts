import { strayWords } from '../../../lib/commands/input/stray'
import { OPTIONS } from '../../../lib/commands/options'

const stray = (line: string) => strayWords(line.split(' '), OPTIONS.logs)

it('finds the word that the framework would drop', () => {
  expect(stray('tasks logs --follow ingest')).toEqual(['ingest'])
  expect(stray('tasks logs -f load --json x y')).toEqual(['x', 'y'])
})

it('takes the values of options for what they are, ours and the framework’s', () => {
  expect(
    stray('tasks logs -f load -t --run last --stage prod -r eu-west-1 --param a=b --aws-profile me'),
  ).toEqual([])
  expect(stray('tasks logs --task=load --level warn --verbose')).toEqual([])
})
