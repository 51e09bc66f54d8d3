import { durationAt, durationCost, initDuration, typical, WHOLE_CPU } from '../../bench/support/lambda'

describe('a function with a share of a vCPU', () => {
  it('takes as much longer for what it computes', () => {
    expect(durationAt(WHOLE_CPU / 4, { duration: 100, cpu: 100 })).toBe(400)
  })

  it('waits no longer, and has its share renewed meanwhile', () => {
    expect(durationAt(WHOLE_CPU / 4, { duration: 100, cpu: 10 })).toBe(100)
    expect(durationAt(WHOLE_CPU / 4, { duration: 100, cpu: 50 })).toBe(200)
  })

  it('has one at the most, so that its threads do not work side by side', () => {
    expect(durationAt(10 * WHOLE_CPU, { duration: 60, cpu: 100 })).toBe(100)
  })

  it('is measured by what a busy machine adds least to', () => {
    const alone = [1, 2, 3, 4].map(() => ({ duration: 20, cpu: 10 }))
    const disturbed = [1, 2, 3].map(() => ({ duration: 500, cpu: 10 }))
    expect(typical([...disturbed, ...alone])).toEqual({ duration: 20, cpu: 10 })
    expect(initDuration(typical([...disturbed, ...alone]))).toBe(10)
  })

  it('is paid for by memory and time', () => {
    // https://aws.amazon.com/lambda/pricing/, arm64: a GB-s.
    expect(durationCost(1024, 1000)).toBeCloseTo(0.0000133334, 12)
    expect(durationCost(256, 2000)).toBeCloseTo(0.0000133334 / 2, 12)
  })
})
