import type { ServiceConfig } from './config/resolve'

/** What must be so for targets in a VPC, which cannot be seen from here; undefined where there are none. */
export function describeVpcTargets({ tasks }: ServiceConfig, region: string): string | undefined {
  const inside = tasks.filter(({ target, definition }) => target.own?.vpc && definition.target !== 'plain')
  const functions = [...new Set(inside.map(({ target }) => target.own?.key))]
  if (functions.length === 0) return undefined
  return [
    `${functions.join(', ')} ${functions.length === 1 ? 'is' : 'are'} in a VPC. To write the log of a run it needs a way`,
    `from its subnets to CloudWatch Logs: a NAT gateway, or an interface endpoint for com.amazonaws.${region}.logs whose`,
    'security group lets it in on port 443. Without one its runs end FAILED no-log.',
  ].join('\n')
}
