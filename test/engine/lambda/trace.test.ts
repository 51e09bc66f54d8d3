import { enterFunction } from '../../../lib/engine/lambda/trace'

const ROOT = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0'

describe('the lineage of a chain of events', () => {
  test('counts the invocations of each function and keeps the rest of the header', () => {
    let header = ROOT
    const counts = ['a', 'b', 'a', 'b', 'a'].map((name) => {
      const entered = enterFunction(header, name)
      header = entered.header
      return entered.invocations
    })
    expect(counts).toEqual([1, 1, 2, 2, 3])
    expect(header).toMatch(
      /^Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0;Lineage=/,
    )
  })

  test.each(['', 'Lineage=', 'Lineage=nonsense', ';;', 'Lineage=25:a87bd80c:x'])(
    'begins anew where the header is %p',
    (header) => {
      expect(enterFunction(header, 'a').invocations).toBe(1)
    },
  )
})
