/** One line of what `npm run bench` prints; as JSON these members and no others. */
export type Figure = {
  value: unknown
  unit: string
  /** In words. */
  target: string
  ok: boolean
  detail?: unknown
}

export type Bench = {
  /** Says on stderr what is being measured. */
  progress(what: string): void
  /** What several figures are made of, measured once. */
  shared<T>(name: string, measure: () => Promise<T>): Promise<T>
}

export type Measure = (bench: Bench) => Promise<Figure>

export const round = (value: number, digits = 2) => Number(value.toFixed(digits))
