export const DELETION_POLICIES = ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot'] as const
export type DeletionPolicy = (typeof DELETION_POLICIES)[number]

export type TemplateResource = {
  Type: string
  Properties?: Record<string, unknown>
  DependsOn?: string | string[]
  Condition?: string
  DeletionPolicy?: DeletionPolicy
  UpdateReplacePolicy?: DeletionPolicy
  Metadata?: unknown
}

export type TemplateParameter = {
  Type: string
  Default?: unknown
  AllowedValues?: unknown[]
  AllowedPattern?: string
  NoEcho?: boolean | string
  Description?: string
  ConstraintDescription?: string
}

export type TemplateOutput = {
  Value: unknown
  Description?: string
  Condition?: string
  Export?: { Name: unknown }
}

export type Template = {
  Description?: string
  Parameters: Record<string, TemplateParameter>
  Mappings: Record<string, Record<string, Record<string, unknown>>>
  Conditions: Record<string, unknown>
  Resources: Record<string, TemplateResource>
  Outputs: Record<string, TemplateOutput>
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
