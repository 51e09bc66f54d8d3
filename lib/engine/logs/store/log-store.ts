import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { StateFile } from '../../state-file'
import { noSuchGroup, noSuchStream } from '../errors'
import type { LogGroup } from './log-group'
import type { LogStream } from './stream'
import { StreamFolder } from './stream-folder'

/** The log groups and their streams under one folder. Everything is written when a call returns. */
export class LogStore {
  private readonly file: StateFile<LogGroup[]>
  private readonly groups: Map<string, LogGroup>
  private readonly folders = new Map<string, StreamFolder>()
  private readonly streamsPath: string

  constructor(dataDir: string) {
    this.file = new StateFile<LogGroup[]>(join(dataDir, 'groups.json'), () => [])
    this.groups = new Map(this.file.load().map((group) => [group.name, group]))
    this.streamsPath = join(dataDir, 'streams')
    mkdirSync(this.streamsPath, { recursive: true })
    const known = new Set([...this.groups.values()].map((group) => group.id))
    // A group is forgotten first and its folder removed after, so a kill in between leaves a folder of nobody's.
    for (const id of readdirSync(this.streamsPath)) {
      if (!known.has(id)) rmSync(join(this.streamsPath, id), { recursive: true })
    }
  }

  find(name: string): LogGroup | undefined {
    return this.groups.get(name)
  }

  /** @throws {ApiError} ResourceNotFoundException */
  get(name: string): LogGroup {
    const group = this.groups.get(name)
    if (!group) throw noSuchGroup()
    return group
  }

  /** By name. */
  all(): LogGroup[] {
    return [...this.groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  add(group: Omit<LogGroup, 'id'>): void {
    this.groups.set(group.name, { ...group, id: randomUUID() })
    this.save()
  }

  /** @throws {ApiError} ResourceNotFoundException */
  change(name: string, change: (group: LogGroup) => void): void {
    change(this.get(name))
    this.save()
  }

  /** @throws {ApiError} ResourceNotFoundException */
  delete(name: string): void {
    const group = this.get(name)
    const folder = this.folder(group)
    this.groups.delete(name)
    this.folders.delete(group.id)
    this.save()
    folder.remove()
  }

  /** @throws {ApiError} ResourceNotFoundException, when the group is not there */
  streams(name: string): StreamFolder {
    return this.folder(this.get(name))
  }

  /** @throws {ApiError} ResourceNotFoundException, when the group or the stream is not there */
  stream(name: string, stream: string): LogStream {
    const found = this.streams(name).get(stream)
    if (!found) throw noSuchStream()
    return found
  }

  private folder(group: LogGroup): StreamFolder {
    let folder = this.folders.get(group.id)
    if (!folder) {
      folder = new StreamFolder(join(this.streamsPath, group.id))
      this.folders.set(group.id, folder)
    }
    return folder
  }

  private save(): void {
    this.file.save([...this.groups.values()])
  }
}
