/** AWS's words for an input that breaks a rule of the API's model, as in `have value less than or equal to 50`. */
export function violated(member: string, value: unknown, rule: string): string {
  const shown = value === undefined || value === null ? 'null' : `'${String(value)}'`
  return `1 validation error detected: Value ${shown} at '${member}' failed to satisfy constraint: Member must ${rule}`
}
