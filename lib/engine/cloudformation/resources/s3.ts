import { CreateBucketCommand, DeleteBucketCommand, HeadBucketCommand } from '@aws-sdk/client-s3'
import { AlreadyExists, unlessMissing } from './missing'
import { accepted, recorded } from './recorded'
import { tagList } from './shape'
import { mutable, type ResourceContext, type ResourceType, replaces } from './type'

const bucket: ResourceType = {
  type: 'AWS::S3::Bucket',
  properties: {
    BucketName: replaces('string'),
    AccessControl: mutable('string'),
    ...accepted(
      [
        'AccelerateConfiguration',
        'BucketEncryption',
        'LifecycleConfiguration',
        'OwnershipControls',
        'PublicAccessBlockConfiguration',
        'VersioningConfiguration',
      ],
      mutable('json'),
    ),
    Tags: mutable(tagList),
  },
  required: [],
  attributes: ['Arn', 'DomainName', 'DualStackDomainName', 'RegionalDomainName'],
  name: { property: 'BucketName', limit: 63, lowerCase: true },

  async create(_, context) {
    if (await exists(context.name, context)) throw new AlreadyExists(context.name)
    return make(context.name, context)
  },
  update: async (before) => before.attributes,
  async delete({ physicalId }, { clients }) {
    await unlessMissing(clients.s3.send(new DeleteBucketCommand({ Bucket: physicalId })))
  },
  async find(_, context) {
    return (await exists(context.name, context)) ? describe(context.name, context) : undefined
  },
}

async function exists(name: string, { clients }: ResourceContext): Promise<boolean> {
  return (await unlessMissing(clients.s3.send(new HeadBucketCommand({ Bucket: name })))) !== undefined
}

async function make(name: string, context: ResourceContext) {
  await context.clients.s3.send(new CreateBucketCommand({ Bucket: name }))
  return describe(name, context)
}

function describe(name: string, { region }: ResourceContext) {
  return {
    physicalId: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    },
  }
}

/** The engine does not ask who may call, so a policy is only remembered. */
const bucketPolicy = recorded({
  type: 'AWS::S3::BucketPolicy',
  properties: { Bucket: replaces('string'), PolicyDocument: mutable('json') },
  required: ['Bucket', 'PolicyDocument'],
  attributes: [],
  created: (properties) => ({ physicalId: String(properties['Bucket']) }),
})

export const s3Types = [bucket, bucketPolicy]
