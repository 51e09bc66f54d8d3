import { arn, lambda, outputs, ref, role, SOURCE, type Stacks, startStacks } from './support'

let stacks: Stacks
beforeAll(async () => {
  stacks = await startStacks()
})
afterAll(() => stacks.close())

test('what the engine has nothing of is known by name, so that the rest of a service deploys beside it', async () => {
  const template = (description: string) => ({
    Resources: {
      Role: role,
      Layer: { Type: 'AWS::Lambda::LayerVersion', Properties: { LayerName: 'tools', Content: {} } },
      F: lambda({ FunctionName: 'layered', Code: { ZipFile: SOURCE }, Layers: [ref('Layer')] }),
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: { Description: description, Targets: [{ Id: 'f', Arn: arn('F') }] },
      },
      Cluster: { Type: 'AWS::RDS::DBCluster', Properties: { Engine: 'aurora-postgresql' } },
      Url: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE', TargetFunctionArn: arn('F') } },
      Seed: { Type: 'Custom::Seed', Properties: { ServiceToken: arn('F'), Cluster: ref('Cluster') } },
    },
    ...outputs({ rule: arn('Rule'), host: arn('Cluster', 'Endpoint.Address') }),
  })
  const created = await stacks.create('elsewhere', template('first'))
  expect(created).toMatchObject({ status: 'CREATE_COMPLETE', failures: [] })
  expect(created.outputs['rule']).toMatch(/^arn:aws:events:us-east-1:\d{12}:elsewhere-Rule-/)
  expect(created.outputs['host']).toMatch(/^elsewhere-Cluster-\w+-Endpoint\.Address$/)
  expect(await stacks.update('elsewhere', template('second'))).toMatchObject({
    status: 'UPDATE_COMPLETE',
    outputs: created.outputs,
  })
  expect(await stacks.remove('elsewhere')).toMatchObject({ status: 'DELETE_COMPLETE' })
})
