/** What `${AWS::…}` may come to, at its longest. */
const PSEUDO: Record<string, string> = {
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'ap-northeast-1',
  'AWS::AccountId': '123456789012',
}
/** An ARN that a resource of this stack will have. */
const SOME_ARN = 'x'.repeat(110)

/** The characters that IAM counts of policy statements, white space left out, once CloudFormation has filled them in. */
export function policyLength(statements: unknown): number {
  return JSON.stringify(filledIn(statements)).length
}

function filledIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filledIn)
  if (typeof value !== 'object' || value === null) return value
  const [[name, content] = ['', undefined], ...others] = Object.entries(value)
  if (others.length === 0 && name === 'Fn::Sub' && typeof content === 'string')
    return content.replace(/\$\{([^}]*)\}/g, (_, pseudo: string) => PSEUDO[pseudo] ?? SOME_ARN)
  if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) return SOME_ARN
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filledIn(inner)]))
}
