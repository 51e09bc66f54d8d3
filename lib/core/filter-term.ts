/**
 * A term of a CloudWatch Logs filter pattern that matches this text and nothing else. The quoting is what AWS's own CDK
 * writes (`aws-logs/lib/pattern.ts`, quoteTerm); the documentation is silent, so `tasks check --live` tries it.
 */
export function filterTerm(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
