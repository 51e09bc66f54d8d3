/** `1 run`, `3 runs`: of a noun whose plural ends in s. Pure. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
