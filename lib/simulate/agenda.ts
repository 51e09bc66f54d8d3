type Entry = { at: number; order: number; act: () => void }

/** What is to happen and when (epoch ms), as a binary heap. Of two things at one instant the first arranged comes first. */
export class Agenda {
  now: number
  /** How many things have happened. */
  count = 0
  private readonly heap: Entry[] = []
  private arranged = 0

  constructor(start: number) {
    this.now = start
  }

  at(time: number, act: () => void): void {
    const entry = { at: Math.max(time, this.now), order: this.arranged++, act }
    const { heap } = this
    let index = heap.length
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent] as Entry
      if (!before(entry, above)) break
      heap[index] = above
      index = parent
    }
    heap[index] = entry
  }

  in(delay: number, act: () => void): void {
    this.at(this.now + delay, act)
  }

  /** Lets the next thing happen; false where nothing is left. */
  step(): boolean {
    const next = this.take()
    if (next === undefined) return false
    this.now = next.at
    this.count++
    next.act()
    return true
  }

  private take(): Entry | undefined {
    const { heap } = this
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    const { length } = heap
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= length) break
      if (child + 1 < length && before(heap[child + 1] as Entry, heap[child] as Entry)) child++
      if (!before(heap[child] as Entry, last)) break
      heap[index] = heap[child] as Entry
      index = child
    }
    heap[index] = last
    return first
  }
}

function before(left: Entry, right: Entry): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order)
}
