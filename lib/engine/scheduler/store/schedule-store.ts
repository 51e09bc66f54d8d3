import { join } from 'node:path'
import { ACCOUNT, type ServiceContext } from '../../api'
import { StateFile } from '../../state-file'
import { notFound } from '../errors'
import { DEFAULT_GROUP, type ScheduleGroup, type StoredSchedule } from './schedule'

type State = { groups: ScheduleGroup[]; schedules: StoredSchedule[] }

/** Groups and their schedules. A change is written when the call returns. */
export class ScheduleStore {
  private readonly file: StateFile<State>
  private readonly groups: Map<string, ScheduleGroup>
  private readonly schedules: Map<string, StoredSchedule>
  private readonly region: string

  constructor({ dataDir, clock, region }: ServiceContext) {
    this.region = region
    this.file = new StateFile<State>(join(dataDir, 'schedules.json'), () => ({
      groups: [{ name: DEFAULT_GROUP, creationTime: clock.now(), tags: {} }],
      schedules: [],
    }))
    const state = this.file.load()
    this.groups = new Map(state.groups.map((group) => [group.name, group]))
    this.schedules = new Map(
      state.schedules.map((schedule) => [keyOf(schedule.group, schedule.name), schedule]),
    )
  }

  findGroup(name: string): ScheduleGroup | undefined {
    return this.groups.get(name)
  }

  /** @throws {ApiError} ResourceNotFoundException */
  group(name: string): ScheduleGroup {
    const group = this.groups.get(name)
    if (!group) throw notFound(`Schedule group ${name} does not exist.`)
    return group
  }

  allGroups(): ScheduleGroup[] {
    return [...this.groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  putGroup(group: ScheduleGroup): void {
    this.groups.set(group.name, group)
    this.save()
  }

  /** With all its schedules, which it gives back. */
  deleteGroup(name: string): StoredSchedule[] {
    const gone = this.allSchedules().filter((schedule) => schedule.group === name)
    for (const schedule of gone) this.schedules.delete(keyOf(schedule.group, schedule.name))
    this.groups.delete(name)
    this.save()
    return gone
  }

  findSchedule(group: string, name: string): StoredSchedule | undefined {
    return this.schedules.get(keyOf(group, name))
  }

  /** @throws {ApiError} ResourceNotFoundException */
  schedule(group: string, name: string): StoredSchedule {
    const schedule = this.findSchedule(group, name)
    if (!schedule) throw notFound(`Schedule ${name} does not exist.`)
    return schedule
  }

  /** By group, then name. */
  allSchedules(): StoredSchedule[] {
    return [...this.schedules.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, schedule]) => schedule)
  }

  putSchedule(schedule: StoredSchedule): void {
    this.schedules.set(keyOf(schedule.group, schedule.name), schedule)
    this.save()
  }

  deleteSchedule({ group, name }: StoredSchedule): void {
    this.schedules.delete(keyOf(group, name))
    this.save()
  }

  arnOf({ group, name }: { group: string; name: string }): string {
    return `arn:aws:scheduler:${this.region}:${ACCOUNT}:schedule/${group}/${name}`
  }

  groupArn(name: string): string {
    return `arn:aws:scheduler:${this.region}:${ACCOUNT}:schedule-group/${name}`
  }

  private save(): void {
    this.file.save({ groups: [...this.groups.values()], schedules: [...this.schedules.values()] })
  }
}

/** No name holds a slash. */
export const keyOf = (group: string, name: string) => `${group}/${name}`
