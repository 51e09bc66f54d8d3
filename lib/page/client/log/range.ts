/** `118` or `118-125`: lines, both included. */
export function parseRange(text: string | null): [from: number, to: number] | undefined {
  const [, from, to = from] = /^([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?$/.exec(text ?? '') ?? []
  if (from === undefined || to === undefined) return undefined
  return Number(from) <= Number(to) ? [Number(from), Number(to)] : [Number(to), Number(from)]
}
