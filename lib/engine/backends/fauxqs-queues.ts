import { StateFile } from '../state-file'
import { keepTraceHeaders, type TracedQueue } from './fauxqs-traces'

type Queue = TracedQueue & {
  name: string
  arn: string
  attributes: Record<string, string>
  tags: Map<string, string>
  setAttributes(attributes: Record<string, string>): void
}
type SqsStore = {
  host: string
  createQueue(
    name: string,
    url: string,
    arn: string,
    attributes?: Record<string, string>,
    tags?: Record<string, string>,
  ): Queue
  deleteQueue(url: string): boolean
  getQueue(url: string): Queue | undefined
  getQueueByName(name: string): Queue | undefined
  listQueues(): Queue[]
}
export type SqsStoreClass = new () => SqsStore

type Kept = Pick<Queue, 'name' | 'arn' | 'attributes'> & { tags: Record<string, string> }

/** The queues outlive the engine, their messages do not: what was in them is put back from the tables at each start. */
export function persistentQueues(Store: SqsStoreClass, path: string, endpoint: string): SqsStore {
  const file = new StateFile<Kept[]>(path, () => [])
  const host = new URL(endpoint).host

  class PersistentStore extends Store {
    override createQueue(...args: Parameters<SqsStore['createQueue']>): Queue {
      const queue = this.keep(super.createQueue(...args))
      this.save()
      return queue
    }

    override deleteQueue(url: string): boolean {
      const deleted = super.deleteQueue(url)
      this.save()
      return deleted
    }

    /** By name, as SQS does: clients may say `localhost` for `127.0.0.1`. */
    override getQueue(url: string): Queue | undefined {
      return super.getQueue(url) ?? this.getQueueByName(url.slice(url.lastIndexOf('/') + 1))
    }

    restore(): void {
      for (const { name, arn, attributes, tags } of file.load()) {
        const account = arn.split(':')[4]
        this.keep(super.createQueue(name, `http://${host}/${account}/${name}`, arn, attributes, tags))
      }
    }

    private keep(queue: Queue): Queue {
      keepTraceHeaders(queue)
      const setAttributes = queue.setAttributes.bind(queue)
      queue.setAttributes = (attributes) => {
        setAttributes(attributes)
        this.save()
      }
      return queue
    }

    private save(): void {
      file.save(
        this.listQueues().map(({ name, arn, attributes, tags }) => ({
          name,
          arn,
          attributes,
          tags: Object.fromEntries(tags),
        })),
      )
    }
  }

  const store = new PersistentStore()
  // Without a host of its own fauxqs builds queue URLs from the Host header, which the door sets to the endpoint's.
  store.host = ''
  store.restore()
  return store
}
