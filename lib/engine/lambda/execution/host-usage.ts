/** What an invocation took of this machine itself, also where the engine's clock is moved. */
export type HostReport = {
  /** Real milliseconds. */
  hostDuration: number
  /** Milliseconds of CPU, of all threads; 0 of a runtime that does not tell (Python). */
  hostCpu: number
  /** The same of the start of the process; only of the first invocation of an environment. */
  hostInit?: { duration: number; cpu: number } | undefined
}

/** What the process of an execution environment used, as its runtime tells with each call. */
export class HostUsage {
  private told = 0
  private seen: number | undefined
  private cpu = 0
  private readonly createdAt = performance.now()
  private init: HostReport['hostInit']
  private begun: { at: number; cpu: number } | undefined

  /** As the runtime tells: `maxRss` in kilobytes, `cpu` in milliseconds, both since the process started. */
  add({ maxRss, cpu }: { maxRss: number; cpu: number }): void {
    this.told = maxRss
    this.cpu = cpu
  }

  /** As the system tells, kilobytes, where it does. */
  peak(maxRss: number | undefined): void {
    this.seen = maxRss ?? this.seen
  }

  /**
   * Kilobytes, at the peak. What Linux tells a process of itself begins with the peak of the process that started it, here
   * of the engine; what it tells others does not.
   */
  get maxRss(): number {
    return this.seen ?? this.told
  }

  initialised(): void {
    this.init = { duration: performance.now() - this.createdAt, cpu: this.cpu }
  }

  begin(): void {
    this.begun = { at: performance.now(), cpu: this.cpu }
  }

  end(): HostReport {
    const { at, cpu } = this.begun ?? { at: performance.now(), cpu: this.cpu }
    const report = { hostDuration: performance.now() - at, hostCpu: this.cpu - cpu, hostInit: this.init }
    this.init = undefined
    return report
  }
}
