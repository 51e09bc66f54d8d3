import { resolveConfig } from '../../lib/plugin/config/resolve'
import { importRetained } from '../../lib/plugin/retain'
import type { FrameworkPlugin, Service } from '../../lib/plugin/serverless'
import { tables } from '../../lib/plugin/template/tables'
import { facts, SCHEDULE } from './support/facts'

const service = (deploymentMethod?: string) =>
  ({ provider: { name: 'aws', ...(deploymentMethod ? { deploymentMethod } : {}) } }) as Service

class Deploys implements FrameworkPlugin {
  constructor(private readonly stack: string) {}
  getCreateChangeSetParams(options: unknown) {
    return { StackName: this.stack, ...(options as object) }
  }
}

test('every change set of the framework imports what exists, asked for once or twice', () => {
  const plugin = new Deploys('shop-dev')
  const plugins = [{}, plugin]
  expect(importRetained(plugins, service())).toBeUndefined()
  expect(importRetained(plugins, service('changesets'))).toBeUndefined()
  expect(plugin.getCreateChangeSetParams({ ChangeSetType: 'UPDATE' })).toEqual({
    StackName: 'shop-dev',
    ChangeSetType: 'UPDATE',
    ImportExistingResources: true,
  })
})

test('it is told where nothing can be imported', () => {
  expect(importRetained([new Deploys('shop-dev')], service('direct'))).toMatch(/deploymentMethod: direct/)
  expect(importRetained([{}], service())).toMatch(/this version of the framework/)
})

test.each([
  [undefined, 'Delete'],
  [{ retain: false }, 'Delete'],
  [{ retain: true }, 'Retain'],
])('with slipstream %j both tables have the policy %s', (slipstream, policy) => {
  const config = resolveConfig(facts({ load: { function: 'load', schedule: SCHEDULE } }, { slipstream }))
  for (const table of Object.values(tables(config)))
    expect(table).toMatchObject({ DeletionPolicy: policy, UpdateReplacePolicy: policy })
})
