import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { StateFile } from '../state-file'
import type { Code } from './code'
import type { Config } from './config'
import { noFunction, notFound } from './errors'
import { type FunctionRef, functionArn } from './function-ref'

export type Version = {
  /** `$LATEST` or a number. */
  version: string
  config: Config
  code: Code
  revisionId: string
  /** Epoch ms. */
  lastModified: number
}

export type Alias = { name: string; version: string; description: string; revisionId: string }

export type Destinations = { OnSuccess?: { Destination?: string }; OnFailure?: { Destination?: string } }

export type EventInvokeConfig = {
  MaximumRetryAttempts?: number
  /** Seconds, 60 to 21,600. */
  MaximumEventAgeInSeconds?: number
  DestinationConfig?: Destinations
  /** Epoch ms. */
  lastModified: number
}

export type Policy = { revisionId: string; statements: Record<string, unknown>[] }

export type FunctionRecord = {
  name: string
  latest: Version
  /** Published versions by number. */
  versions: Record<string, Version>
  lastVersion: number
  aliases: Record<string, Alias>
  /** By qualifier; `$LATEST` for none. */
  eventInvoke: Record<string, EventInvokeConfig>
  /** By qualifier; `$LATEST` for none. */
  policies: Record<string, Policy>
  reservedConcurrency?: number
  recursiveLoop: 'Allow' | 'Terminate'
  tags: Record<string, string>
}

export type Mapping = {
  uuid: string
  queueArn: string
  functionName: string
  qualifier?: string
  enabled: boolean
  /** 1 to 10,000. */
  batchSize: number
  /** Seconds, 0 to 300. */
  batchingWindow: number
  /** 2 to 1,000. */
  maximumConcurrency?: number
  reportsBatchItemFailures: boolean
  tags: Record<string, string>
  /** Epoch ms. */
  lastModified: number
}

type State = { functions: Record<string, FunctionRecord>; mappings: Record<string, Mapping> }

/** What a reference leads to at this moment. */
export type Resolved = { fn: FunctionRecord; version: Version; qualifier: string; arn: string }

/** All functions and event source mappings; each change is on disk before its caller is answered. */
export class Store {
  private readonly file: StateFile<State>
  private readonly state: State

  constructor(
    dir: string,
    readonly region: string,
  ) {
    this.file = new StateFile(join(dir, 'functions.json'), () => ({ functions: {}, mappings: {} }))
    this.state = this.file.load()
  }

  get functions(): FunctionRecord[] {
    return Object.values(this.state.functions).sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  get mappings(): Mapping[] {
    return Object.values(this.state.mappings)
  }

  find(name: string): FunctionRecord | undefined {
    return this.state.functions[name]
  }

  get(name: string): FunctionRecord {
    const fn = this.find(name)
    if (!fn) throw noFunction(functionArn(this.region, name))
    return fn
  }

  resolve(ref: FunctionRef): Resolved {
    const qualifier = ref.qualifier ?? '$LATEST'
    const arn = functionArn(this.region, ref.name, ref.qualifier)
    const fn = this.find(ref.name)
    const version = fn && versionOf(fn, qualifier)
    if (!fn || !version) throw noFunction(arn)
    return { fn, version, qualifier, arn }
  }

  add(fn: FunctionRecord): void {
    this.state.functions[fn.name] = fn
    this.save()
  }

  remove(name: string): void {
    delete this.state.functions[name]
    this.save()
  }

  mapping(uuid: string): Mapping {
    const mapping = this.state.mappings[uuid]
    if (!mapping) throw notFound('The resource you requested does not exist.')
    return mapping
  }

  putMapping(mapping: Mapping): void {
    this.state.mappings[mapping.uuid] = mapping
    this.save()
  }

  removeMapping(uuid: string): void {
    delete this.state.mappings[uuid]
    this.save()
  }

  /** To be called after a change of a record. */
  save(): void {
    this.file.save(this.state)
  }
}

function versionOf(fn: FunctionRecord, qualifier: string): Version | undefined {
  if (qualifier === '$LATEST') return fn.latest
  const number = fn.aliases[qualifier]?.version ?? qualifier
  return number === '$LATEST' ? fn.latest : fn.versions[number]
}

/** Publishes $LATEST as it is; where nothing changed since the last publication, that one (PublishVersion's rule). */
export function publish(fn: FunctionRecord, now: number, description?: string): Version {
  const last = fn.versions[String(fn.lastVersion)]
  const config =
    description === undefined ? fn.latest.config : { ...fn.latest.config, Description: description }
  if (last && last.code.sha256 === fn.latest.code.sha256 && sameConfig(last.config, config, description))
    return last
  fn.lastVersion += 1
  const version: Version = {
    version: String(fn.lastVersion),
    config: structuredClone(config),
    code: fn.latest.code,
    revisionId: randomUUID(),
    lastModified: now,
  }
  fn.versions[version.version] = version
  return version
}

/** A description given at publication alone makes no new version. */
function sameConfig(published: Config, candidate: Config, description: string | undefined): boolean {
  const ignore = description === undefined ? {} : { Description: '' }
  return JSON.stringify({ ...published, ...ignore }) === JSON.stringify({ ...candidate, ...ignore })
}
