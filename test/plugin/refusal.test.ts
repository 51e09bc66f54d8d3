import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { FixtureService } from './support/package-fixture'

test('a service with mistakes is told of all of them before anything is packaged', async () => {
  const service = new FixtureService('mistakes')
  try {
    const { code, output } = await service.sls('package')
    expect(code).toBe(1)
    for (const path of [
      'slipstream.alerts.topic',
      'tasks.load.schedule',
      'tasks.load.timezone',
      'tasks.load.concurency',
      'tasks.other.function',
      'functions.load.maximumRetryAttempts',
      'functions.load.recursiveLoop',
    ]) {
      expect(output).toContain(`  ${path}: `)
    }
    expect(output).not.toMatch(/^ +at /m)
    expect(existsSync(join(service.dir, '.serverless'))).toBe(false)
    expect(existsSync(join(service.dir, '.slipstream'))).toBe(false)
  } finally {
    service.remove()
  }
}, 60_000)
