/** What must be said again in a command that is shown. */
export function againOf(said: Record<string, string | boolean | undefined>, local: boolean): string {
  const words = Object.entries(said).flatMap(([name, value]) =>
    typeof value === 'string' ? [` --${name} ${value}`] : [],
  )
  return `${words.join('')}${local ? ' --local' : ''}`
}
