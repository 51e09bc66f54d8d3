export type JsonSchema = { [key: string]: unknown }

const forms = new WeakMap<object, JsonSchema>()

/** Says what a schema looks like to an editor, where that does not follow from the schema itself. */
export function formed<Schema extends object>(schema: Schema, form: JsonSchema): Schema {
  forms.set(schema, form)
  return schema
}

export const formOf = (schema: object): JsonSchema | undefined => forms.get(schema)
