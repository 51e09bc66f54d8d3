import type { Deps } from '../deps'
import type { Operation } from '../router'
import { createFunction } from './create-function'
import { deleteFunction } from './delete-function'
import { invoke } from './invoke'
import { publishVersion } from './publish-version'
import { getFunction, getFunctionConfiguration, listFunctions, listVersionsByFunction } from './read-function'
import { updateFunctionCode, updateFunctionConfiguration } from './update-function'

export const operations: Operation<Deps>[] = [
  createFunction,
  updateFunctionCode,
  updateFunctionConfiguration,
  getFunction,
  getFunctionConfiguration,
  listFunctions,
  deleteFunction,
  publishVersion,
  listVersionsByFunction,
  invoke,
]
