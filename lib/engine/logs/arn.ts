import { ACCOUNT } from '../api'

export const groupArn = (region: string, group: string) =>
  `arn:aws:logs:${region}:${ACCOUNT}:log-group:${group}`

export const streamArn = (region: string, group: string, stream: string) =>
  `${groupArn(region, group)}:log-stream:${stream}`
