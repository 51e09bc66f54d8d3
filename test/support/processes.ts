import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** What runs under a process, however deep. Read from /proc where it is, since small images have no `ps`. */
export function descendantsOf(pid: number): number[] {
  const children = parents().filter(([, parent]) => parent === pid)
  return children.flatMap(([child]) => [child, ...descendantsOf(child)])
}

function parents(): [pid: number, parent: number][] {
  if (!existsSync('/proc/self/stat')) {
    const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=']).toString().trim().split('\n')
    return rows.map((row) => row.trim().split(/\s+/).map(Number) as [number, number])
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // PID (NAME) STATE PPID …, and the name may hold anything (proc(5)).
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        return [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]]
      } catch {
        return []
      }
    })
}
