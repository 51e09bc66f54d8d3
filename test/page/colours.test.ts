/** State is never said by colour alone; but the colours, too, are to be told apart by most who do not see all of them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const css = readFileSync(join(__dirname, '../../lib/page/client/styles/colours.css'), 'utf8')
type Rgb = [number, number, number]
type Matrix = readonly [Rgb, Rgb, Rgb]

/** Machado, Oliveira and Fernandes 2009, severity 1, for linear RGB. */
const SIGHT: Record<string, Matrix> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
}

function colours(scheme: 'light' | 'dark'): Record<string, Rgb> {
  const block = new RegExp(`data-theme="${scheme}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? ''
  return Object.fromEntries(
    [...block.matchAll(/--([a-z-]+): #([0-9a-f]{6});/g)].map(([, name = '', hex = '']) => [
      name,
      [0, 2, 4].map((at) => linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255)) as Rgb,
    ]),
  )
}

const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)

const times = (matrix: Matrix, colour: Rgb) =>
  matrix.map((row) =>
    Math.min(1, Math.max(0, row[0] * colour[0] + row[1] * colour[1] + row[2] * colour[2])),
  ) as Rgb

/** Of linear sRGB, D65. */
function lab(colour: Rgb): Rgb {
  const [x, y, z] = times(
    [
      [0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047],
      [0.2126729, 0.7151522, 0.072175],
      [0.0193339 / 1.08883, 0.119192 / 1.08883, 0.9503041 / 1.08883],
    ],
    colour,
  ).map((t) => (t > 216 / 24_389 ? Math.cbrt(t) : (841 / 108) * t + 4 / 29)) as Rgb
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

/** CIEDE2000 (Sharma, Wu and Dalal 2005). */
function distance([l1, a1, b1]: Rgb, [l2, a2, b2]: Rgb): number {
  const deg = (radians: number) => ((radians * 180) / Math.PI + 360) % 360
  const sin = (degrees: number) => Math.sin((degrees * Math.PI) / 180)
  const cos = (degrees: number) => Math.cos((degrees * Math.PI) / 180)
  const mean = ((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2) ** 7
  const g = 0.5 * (1 - Math.sqrt(mean / (mean + 25 ** 7)))
  const c1 = Math.hypot(a1 * (1 + g), b1)
  const c2 = Math.hypot(a2 * (1 + g), b2)
  const h1 = deg(Math.atan2(b1, a1 * (1 + g)))
  const h2 = deg(Math.atan2(b2, a2 * (1 + g)))
  let dh = h2 - h1
  if (dh > 180) dh -= 360
  if (dh < -180) dh += 360
  const dH = 2 * Math.sqrt(c1 * c2) * sin(dh / 2)
  const l = (l1 + l2) / 2
  const c = (c1 + c2) / 2
  const h = Math.abs(h1 - h2) > 180 ? (h1 + h2 + 360) / 2 : (h1 + h2) / 2
  const t = 1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + 6) - 0.2 * cos(4 * h - 63)
  const sl = 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2)
  const sc = 1 + 0.045 * c
  const sh = 1 + 0.015 * c * t
  const rt = -sin(60 * Math.exp(-(((h - 275) / 25) ** 2))) * 2 * Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7))
  return Math.sqrt(
    ((l2 - l1) / sl) ** 2 + ((c2 - c1) / sc) ** 2 + (dH / sh) ** 2 + rt * ((c2 - c1) / sc) * (dH / sh),
  )
}

test('the distance of colours is that of the published examples', () => {
  // Sharma, Wu and Dalal 2005, table 1, pairs 1, 7 and 25.
  expect(distance([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 4)
  expect(distance([50, 0, 0], [50, -1, 2])).toBeCloseTo(2.3669, 4)
  expect(distance([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387])).toBeCloseTo(1.2644, 4)
})

const PAIRS = [
  ['succeeded', 'failed'],
  ['succeeded', 'timed-out'],
  ['succeeded', 'running'],
  ['succeeded', 'retrying'],
  ['failed', 'running'],
  ['failed', 'timed-out'],
  ['running', 'retrying'],
  ['running', 'missed'],
  ['succeeded', 'missed'],
  ['failed', 'skipped'],
  ['failed', 'queued'],
] as const

describe.each(['light', 'dark'] as const)('in the %s scheme', (scheme) => {
  const all = colours(scheme)
  const seen = (name: string, sight: string) => lab(times(SIGHT[sight] as Matrix, all[`s-${name}`] as Rgb))

  test.each(Object.keys(SIGHT).flatMap((sight) => PAIRS.map(([one, other]) => ({ one, other, sight }))))(
    '$one is told from $other with $sight sight',
    ({ one, other, sight }) => {
      expect(distance(seen(one, sight), seen(other, sight))).toBeGreaterThan(10)
    },
  )
})
