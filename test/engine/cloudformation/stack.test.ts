import { DeleteStackCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation'
import { createWorld, group, type World } from './world'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const physicalIds = async (name: string) => {
  const { StackResourceSummaries = [] } = await world.client.send(
    new ListStackResourcesCommand({ StackName: name }),
  )
  return Object.fromEntries(
    StackResourceSummaries.map((one) => [one.LogicalResourceId, one.PhysicalResourceId]),
  )
}

describe('creating a stack', () => {
  it('makes resources in the order of what they mention and writes outputs and events', async () => {
    const stack = await world.create('app', {
      Resources: {
        Second: group(undefined, { LogGroupName: { 'Fn::Sub': `\${First}/second` } }),
        First: group('/first', { RetentionInDays: '7' }),
      },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Second', 'Arn'] }, Export: { Name: 'arn' } } },
    })
    expect(stack.StackStatus).toBe('CREATE_COMPLETE')
    expect(stack.Outputs).toEqual([
      {
        OutputKey: 'Arn',
        OutputValue: 'arn:aws:logs:us-east-1:000000000000:log-group:/first/second:*',
        ExportName: 'arn',
      },
    ])
    expect(world.aws.groups.get('/first')).toEqual({ retention: 7 })
    expect(await world.events('app')).toEqual([
      'app CREATE_IN_PROGRESS',
      'First CREATE_IN_PROGRESS',
      'First CREATE_COMPLETE',
      'Second CREATE_IN_PROGRESS',
      'Second CREATE_COMPLETE',
      'app CREATE_COMPLETE',
    ])
  })

  it('names what the template leaves unnamed STACK-LOGICALID-RANDOM', async () => {
    await world.create('app', { Resources: { Group: group(undefined) } })
    expect((await physicalIds('app'))['Group']).toMatch(/^app-Group-[A-Z0-9]{12}$/)
  })

  it('takes back what was made when a resource fails, and keeps that from being updated', async () => {
    world.aws.groups.set('/taken', {})
    const stack = await world.create('app', {
      Resources: { Good: group('/good'), Bad: group('/taken', {}, { DependsOn: 'Good' }) },
    })
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE')
    expect([...world.aws.groups.keys()]).toEqual(['/taken'])
    expect(await world.reasons('app')).toContain(
      "Resource of type 'AWS::Logs::LogGroup' with identifier '/taken' already exists. (HandlerErrorCode: AlreadyExists)",
    )
    await expect(world.update('app', { Resources: { Good: group('/good') } })).rejects.toThrow(
      /is in ROLLBACK_COMPLETE state and can not be updated/,
    )
  })

  it('deletes a half-made resource of several calls', async () => {
    world.aws.fail('PutRetentionPolicy', 'InvalidParameterException', 'no')
    await world.create('app', { Resources: { Group: group('/group', { RetentionInDays: 1 }) } })
    expect(world.aws.groups.size).toBe(0)
  })

  it('ends DELETE_COMPLETE when asked to delete on failure', async () => {
    world.aws.fail('CreateLogGroup', 'InvalidParameterException', 'no')
    const stack = await world.create(
      'app',
      { Resources: { Group: group('/group') } },
      { OnFailure: 'DELETE' },
    )
    expect(stack.StackStatus).toBe('DELETE_COMPLETE')
    await expect(world.describe('app')).rejects.toThrow('Stack with id app does not exist')
  })

  it('leaves out resources whose condition is false', async () => {
    const template = {
      Parameters: { Stage: { Type: 'String', Default: 'dev' } },
      Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
      Resources: { Always: group('/always'), Prod: group('/prod', {}, { Condition: 'IsProd' }) },
    }
    await world.create('app', template)
    expect([...world.aws.groups.keys()]).toEqual(['/always'])
    const Parameters = [{ ParameterKey: 'Stage', ParameterValue: 'prod' }]
    await world.update('app', template, { Parameters })
    expect([...world.aws.groups.keys()]).toEqual(['/always', '/prod'])
  })
})

describe('updating a stack', () => {
  it('touches only what has changed', async () => {
    await world.create('app', { Resources: { A: group('/a'), B: group('/b', { RetentionInDays: 1 }) } })
    world.aws.calls.length = 0
    const stack = await world.update('app', {
      Resources: { A: group('/a'), B: group('/b', { RetentionInDays: 3 }) },
    })
    expect(stack.StackStatus).toBe('UPDATE_COMPLETE')
    expect(world.aws.calls).toEqual(['PutRetentionPolicy /b'])
  })

  it('refuses an update that changes nothing', async () => {
    await world.create('app', { Resources: { A: group('/a') } })
    await expect(world.update('app', { Resources: { A: group('/a') } })).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'No updates are to be performed.',
    })
  })

  it('makes a replacement first, updates what mentions it, and deletes the old one at the end', async () => {
    const template = (name: string) => ({
      Resources: { A: group(name), B: group(undefined, { LogGroupName: { 'Fn::Sub': `/of\${A}` } }) },
    })
    await world.create('app', template('/old'))
    world.aws.calls.length = 0
    await world.update('app', template('/new'))
    expect(world.aws.calls).toEqual([
      'CreateLogGroup /new',
      'CreateLogGroup /of/new',
      'DeleteLogGroup /of/old',
      'DeleteLogGroup /old',
    ])
  })

  it('brings back what it was when a resource fails', async () => {
    const before = {
      Resources: { A: group('/a', { RetentionInDays: 1 }), Old: group('/old'), Gone: group('/gone') },
    }
    await world.create('app', before)
    world.aws.groups.set('/taken', {})
    const stack = await world.update('app', {
      Resources: {
        A: group('/a', { RetentionInDays: 3 }),
        Old: group('/replacement'),
        Added: group('/added'),
        Bad: group('/taken', {}, { DependsOn: ['A', 'Old', 'Added'] }),
      },
    })
    expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE')
    expect(Object.fromEntries(world.aws.groups)).toEqual({
      '/a': { retention: 1 },
      '/old': {},
      '/gone': {},
      '/taken': {},
    })
    expect(await physicalIds('app')).toEqual({ A: '/a', Old: '/old', Gone: '/gone' })
    const again = await world.update('app', { Resources: { A: group('/a', { RetentionInDays: 5 }) } })
    expect(again.StackStatus).toBe('UPDATE_COMPLETE')
    expect([...world.aws.groups.keys()]).toEqual(['/a', '/taken'])
  })

  it('lets go of what a cleanup cannot delete', async () => {
    await world.create('app', { Resources: { A: group('/a'), B: group('/b') } })
    world.aws.fail('DeleteLogGroup /b', 'InvalidParameterException', 'never', Number.POSITIVE_INFINITY)
    expect((await world.update('app', { Resources: { A: group('/a') } })).StackStatus).toBe('UPDATE_COMPLETE')
    expect(await world.events('app')).toContain('B DELETE_FAILED')
    await expect(world.update('app', { Resources: { A: group('/a') } })).rejects.toThrow('No updates are')
  })

  it('takes back a changed deletion policy too', async () => {
    const template = (more: object, taken: object = {}) => ({
      Resources: { A: group('/a', {}, more), ...taken },
    })
    await world.create('app', template({}))
    world.aws.groups.set('/taken', {})
    await world.update(
      'app',
      template({ DeletionPolicy: 'Retain' }, { Bad: group('/taken', {}, { DependsOn: 'A' }) }),
    )
    await world.update('app', { Resources: { B: group('/b') } })
    expect([...world.aws.groups.keys()]).toEqual(['/taken', '/b'])
  })

  it('keeps what a removed or replaced resource says is to be retained', async () => {
    const keep = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }
    await world.create('app', { Resources: { A: group('/a', {}, keep), B: group('/b', {}, keep) } })
    await world.update('app', { Resources: { A: group('/c', {}, keep) } })
    expect([...world.aws.groups.keys()].sort()).toEqual(['/a', '/b', '/c'])
  })

  it('will not replace a resource by one of the same name', async () => {
    const queue = (FifoQueue: boolean) => ({
      Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q.fifo', FifoQueue } } },
    })
    await world.create('app', queue(true))
    const stack = await world.update('app', queue(false))
    expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE')
    expect(await world.reasons('app')).toContain(
      'CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename q.fifo and update the stack again.',
    )
  })

  it('sets an attribute back to the default of the service when the template says nothing more of it', async () => {
    const queue = (Properties: object) => ({ Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties } } })
    await world.create('app', queue({ QueueName: 'q', VisibilityTimeout: 60, DelaySeconds: 5 }))
    await world.update('app', queue({ QueueName: 'q', DelaySeconds: 6 }))
    expect(world.aws.queues.get('q')).toEqual({ VisibilityTimeout: '30', DelaySeconds: '6' })
  })
})

describe('deleting a stack', () => {
  const remove = async (name: string) => {
    const { StackId = '' } = await world.describe(name)
    await world.client.send(new DeleteStackCommand({ StackName: name }))
    return world.settled(StackId)
  }

  it('deletes in the reverse order, keeps what is retained, and is then unknown by name', async () => {
    await world.create('app', {
      Resources: {
        A: group('/a'),
        B: group('/b', {}, { DependsOn: 'A' }),
        Kept: group('/kept', {}, { DeletionPolicy: 'Retain' }),
      },
    })
    world.aws.calls.length = 0
    expect((await remove('app')).StackStatus).toBe('DELETE_COMPLETE')
    expect(world.aws.calls).toEqual(['DeleteLogGroup /b', 'DeleteLogGroup /a'])
    await expect(world.events('app')).rejects.toMatchObject({ message: 'Stack [app] does not exist' })
  })

  it('says nothing of a stack that does not exist', async () => {
    await expect(world.client.send(new DeleteStackCommand({ StackName: 'nobody' }))).resolves.toBeDefined()
  })

  it('can be repeated after a resource could not be deleted', async () => {
    await world.create('app', { Resources: { A: group('/a'), B: group('/b', {}, { DependsOn: 'A' }) } })
    world.aws.fail('DeleteLogGroup /b', 'InvalidParameterException', 'not now')
    expect((await remove('app')).StackStatus).toBe('DELETE_FAILED')
    expect(world.aws.groups.has('/a')).toBe(true)
    expect((await remove('app')).StackStatus).toBe('DELETE_COMPLETE')
    expect(world.aws.groups.size).toBe(0)
  })

  it('lets a second stack of that name be made, and fails on a name that the first has left behind', async () => {
    const template = { Resources: { A: group('/a', {}, { DeletionPolicy: 'Retain' }) } }
    await world.create('app', template)
    await remove('app')
    expect((await world.create('app', template)).StackStatus).toBe('ROLLBACK_COMPLETE')
    expect(world.aws.groups.has('/a')).toBe(true)
  })
})
