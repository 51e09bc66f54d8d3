import { useLayoutEffect, useState } from 'preact/hooks'

/** A value that several parts of the page look at. */
export class Store<T> {
  readonly #listeners = new Set<(value: T) => void>()

  constructor(private value: T) {}

  get(): T {
    return this.value
  }

  set(value: T): void {
    if (Object.is(value, this.value)) return
    this.value = value
    for (const listener of [...this.#listeners]) listener(value)
  }

  /** Gives what ends it. */
  listen(listener: (value: T) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}

export function useStore<T>(store: Store<T>): T {
  const [value, setValue] = useState(store.get())
  // At once: what a key changes is to be there before the next key comes.
  useLayoutEffect(() => {
    // It may have changed between the first look and this.
    setValue(store.get())
    return store.listen(setValue)
  }, [store])
  return value
}
