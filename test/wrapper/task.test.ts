import { task } from '../../lib/wrapper/task'

test('a handler keeps its type and, called by anything but a task, its behaviour', async () => {
  const handler: (event: { day: string }) => Promise<number> = task(
    async (event: { day: string }) => event.day.length,
  )
  await expect(handler({ day: 'today' })).resolves.toBe(5)
})
