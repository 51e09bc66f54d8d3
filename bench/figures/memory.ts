import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SLS } from '../../test/e2e/support/service'
import { temporaryFolder } from '../../test/support/engine'
import { type Bench, type Figure, round } from '../figure'
import { cleanEnvironment } from '../support/environment'
import { memoryOf, Program } from '../support/processes'
import { benchService } from '../support/service'
import { until } from '../support/until'

const TARGET_MB = 200
const MB = 1024 ** 2
const TASKS = 16
/** Milliseconds in which each task of the sixteen runs a few times, and between two looks. */
const WATCHED = 25_000
const PAUSE = 500
/** Until what deploying left to be collected is. */
const REST = 5000

/** Of `sls tasks dev`: the engine's own process with its workers, and with all functions that sixteen tasks keep warm. */
export async function memory(bench: Bench): Promise<Figure> {
  bench.progress('memory: idle')
  const idle = await measure(1, false)
  bench.progress(`memory: ${TASKS} tasks`)
  const busy = await measure(TASKS, true)
  const mb = (bytes: number) => round(bytes / MB, 0)
  return {
    value: { idleMb: mb(idle.own), treeMb: mb(busy.tree) },
    unit: `MB: the engine while idle; the whole tree at ${TASKS} tasks`,
    target: `<= ${TARGET_MB} MB idle`,
    ok: idle.own <= TARGET_MB * MB,
    detail: { [`processes at ${TASKS} tasks`]: busy.processes, 'engine at its peak': `${mb(busy.own)} MB` },
  }
}

async function measure(count: number, enabled: boolean) {
  const data = temporaryFolder()
  const service = benchService(
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `task-${index}`,
        { schedule: 'every 5 seconds', enabled },
      ]),
    ),
  )
  const program = new Program(
    process.execPath,
    [SLS, 'tasks', 'dev', '--port', '0', '--data', join(data.path, 'data')],
    { cwd: service.dir, env: { ...cleanEnvironment(), TMPDIR: service.temporary } },
  )
  try {
    await until(() => program.line(enabled ? /^Next ticks/ : /^No task has a schedule/), 'the engine')
    if (!enabled) {
      await sleep(REST)
      return memoryOf(program.pid)
    }
    let most = memoryOf(program.pid)
    for (const end = performance.now() + WATCHED; performance.now() < end; ) {
      await sleep(PAUSE)
      const now = memoryOf(program.pid)
      if (now.tree > most.tree) most = now
    }
    return most
  } finally {
    await program.stop()
    service.remove()
    data.remove()
  }
}
