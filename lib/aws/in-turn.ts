/** Does one thing after the other where they are about the same, and at once where they are not. */
export class InTurn {
  private readonly last = new Map<string, Promise<unknown>>()

  /** Begins when all that was asked for before about `what` is over, however it ended. */
  do<T>(what: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.last.get(what) ?? Promise.resolve()).then(work, work).finally(() => {
      if (this.last.get(what) === mine) this.last.delete(what)
    })
    this.last.set(what, mine)
    return mine
  }
}
