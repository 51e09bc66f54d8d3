import { bold } from '../lib/commands/output/colour'
import type { Figure } from './figure'

/** A figure for a person: what it is and whether it is good enough, and what it is made of below. */
export function print(name: string, figure: Figure, colour: boolean): string[] {
  const { value, unit, target, ok, detail } = figure
  const plain = typeof value !== 'object' || value === null
  return [
    bold(`${name}  ${plain ? `${value} ${unit}` : unit}`, colour),
    `  ${ok ? 'ok' : 'MISSED'}, target: ${target}`,
    ...(plain ? [] : nested(value, 1)),
    ...nested(detail, 1),
    '',
  ]
}

function nested(value: unknown, depth: number): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'object' && inner !== null && !isFlat(inner)
      ? [`${'  '.repeat(depth)}${name}`, ...nested(inner, depth + 1)]
      : [`${'  '.repeat(depth)}${name}: ${flat(inner)}`],
  )
}

const isFlat = (value: object) =>
  Object.keys(value).length <= 3 && Object.values(value).every((inner) => typeof inner !== 'object')

const flat = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .map(([name, inner]) => `${name} ${inner}`)
        .join(', ')
    : String(value)
