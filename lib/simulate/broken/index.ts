import { admission } from './admission'
import { found } from './found'
import { looks } from './looks'
import { release } from './release'
import type { Variant } from './variant'
import { verdict } from './verdict'

/** Every deliberately broken variant of the core, by name. The search must find a violation in each. */
export const BROKEN: Record<string, Variant> = { ...admission, ...release, ...verdict, ...found, ...looks }
