import { ApiError } from '../../api'
import { validationError } from '../errors'
import { neededCapability } from '../runner'
import { loadTemplate } from '../template/load'
import { parseTemplate } from '../template/parse'
import { validateTemplate } from '../template/validate'
import { type Operation, optional, page, required } from './operation'
import { existing } from './stacks'

/** Stricter than AWS's: it also refuses the types and properties that the engine does not have. */
export const validate: Operation = async (input, { environment }) => {
  const template = parseTemplate(await loadTemplate(input, environment.clients))
  validateTemplate(template)
  const capability = neededCapability(template)
  return {
    Description: template.Description,
    Parameters: Object.entries(template.Parameters).map(([ParameterKey, parameter]) => ({
      ParameterKey,
      DefaultValue: parameter.Default === undefined ? undefined : String(parameter.Default),
      NoEcho: String(parameter.NoEcho) === 'true',
      Description: parameter.Description,
    })),
    ...(capability === undefined
      ? {}
      : {
          Capabilities: [capability],
          CapabilitiesReason: `The following resource(s) require capabilities: [${iamTypes(template).join(', ')}]`,
        }),
  }
}

export const getTemplate: Operation = (input, runner) => {
  const stack = existing(runner, required(input, 'StackName'))
  const changeSetName = optional(input, 'ChangeSetName')
  const changeSet = stack.changeSets.find((one) => [one.name, one.id].includes(changeSetName ?? ''))
  if (changeSetName !== undefined && !changeSet) {
    throw new ApiError('ChangeSetNotFound', `ChangeSet [${changeSetName}] does not exist`, 404)
  }
  const source = changeSet?.input ?? stack.input
  if (!source) throw validationError(`Template for stack ${stack.name} does not exist`)
  return { TemplateBody: source.template, StagesAvailable: ['Original', 'Processed'] }
}

export const listExports: Operation = (input, { store }) => {
  const { items, NextToken } = page([...store.exports()], input)
  return {
    Exports: items.map(([Name, { value, stackId }]) => ({ ExportingStackId: stackId, Name, Value: value })),
    NextToken,
  }
}

function iamTypes({ Resources }: ReturnType<typeof parseTemplate>): string[] {
  const types = Object.values(Resources).map(({ Type }) => Type)
  return [...new Set(types.filter((type) => type.startsWith('AWS::IAM::')))]
}
