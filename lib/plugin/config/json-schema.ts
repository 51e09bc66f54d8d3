import * as z from 'zod/mini'
import { TASK_NAME } from '../../core/names'
import { ABOUT_SERVICE, ABOUT_TASK, sentenceOf } from './about'
import { formOf, type JsonSchema } from './json-form'
import { ServiceSettings, Task } from './schema'

/** A variable of the framework's, which may stand for any value. */
const VARIABLE = { type: 'string', pattern: '\\$\\{.+\\}' }

/**
 * `serverless.yml` as far as it is ours, for editors: everything else in it is let pass. It says what a key takes; what
 * hangs on more than one key is told by `sls package`.
 */
export function jsonSchema(): JsonSchema {
  const task = described(schemaOf(Task), ABOUT_TASK)
  allowFalse(task, 'alerts')
  const settings = schemaOf(ServiceSettings)
  const { defaults = {} } = propertiesOf(settings)
  Object.assign(defaults, described(defaults, ABOUT_TASK))
  const service = described(settings, ABOUT_SERVICE)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'serverless.yml with serverless-slipstream',
    type: 'object',
    properties: {
      tasks: {
        type: 'object',
        description: 'Scheduled tasks: name to task.',
        patternProperties: { [TASK_NAME.source]: { ...task, required: ['function', 'schedule'] } },
        additionalProperties: false,
      },
      slipstream: { ...service, description: 'What holds for all tasks and for the whole service.' },
    },
  }
}

function schemaOf(schema: z.ZodMiniType): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      const form = formOf(zodSchema)
      if (form === undefined) return
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key]
      Object.assign(jsonSchema, structuredClone(form))
    },
  })
  return rest as JsonSchema
}

const propertiesOf = (schema: JsonSchema) => (schema['properties'] ?? {}) as Record<string, JsonSchema>

/** Each key with what it is, and with a variable in place of its value. */
function described(schema: JsonSchema, about: Record<string, Parameters<typeof sentenceOf>[0]>): JsonSchema {
  const properties = Object.entries(propertiesOf(schema)).map(([key, property]) => {
    const text = about[key]
    return [
      key,
      { ...(text ? { description: sentenceOf(text) } : {}), anyOf: [...alternatives(property), VARIABLE] },
    ]
  })
  return { ...schema, properties: Object.fromEntries(properties) }
}

const alternatives = (schema: JsonSchema) => (Array.isArray(schema['anyOf']) ? schema['anyOf'] : [schema])

function allowFalse(schema: JsonSchema, key: string): void {
  const property = propertiesOf(schema)[key]
  if (property) property['anyOf'] = [...alternatives(property), { const: false }]
}
