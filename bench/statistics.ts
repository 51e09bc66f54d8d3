/** The value below which `share` (0 to 1) of them lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN]
  return low + (high - low) * (at - Math.floor(at))
}

export const median = (values: readonly number[]) => quantile(values, 0.5)

/** A median with its spread: the quartiles. */
export function spread(values: readonly number[]): { median: number; low: number; high: number } {
  return {
    median: Math.round(median(values) * 100) / 100,
    low: Math.round(quantile(values, 0.25) * 100) / 100,
    high: Math.round(quantile(values, 0.75) * 100) / 100,
  }
}
