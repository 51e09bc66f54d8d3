import { ApiError, type ApiRequest, type ApiResponse } from '../api'

/** Path parameters, decoded. */
export type Params = Record<string, string>

export type Operation<Deps> = {
  method: string
  /** With the API model's `{Name}` parameters, each one path segment. */
  path: string
  run(deps: Deps, request: ApiRequest, params: Params): Promise<ApiResponse> | ApiResponse
}

export class Router<Deps> {
  private readonly routes: { operation: Operation<Deps>; pattern: RegExp; names: string[] }[]

  constructor(operations: Operation<Deps>[]) {
    this.routes = operations.map((operation) => ({
      operation,
      names: [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => String(match[1])),
      pattern: new RegExp(`^${operation.path.replace(/\{\w+\}/g, '([^/]+)')}/?$`),
    }))
  }

  route(deps: Deps, request: ApiRequest): Promise<ApiResponse> | ApiResponse {
    for (const { operation, pattern, names } of this.routes) {
      if (operation.method !== request.method) continue
      const match = pattern.exec(request.path)
      if (!match) continue
      const params = Object.fromEntries(
        names.map((name, i) => [name, decodeURIComponent(match[i + 1] ?? '')]),
      )
      return operation.run(deps, request, params)
    }
    throw new ApiError(
      'UnknownOperationException',
      `The local engine has no Lambda operation ${request.method} ${request.path}`,
      404,
    )
  }
}

export function json(status: number, value: unknown): ApiResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}

export const noContent: ApiResponse = { status: 204 }

/** A page of a list by `Marker` and `MaxItems`; markers are the number of the next item. */
export function page<T>(
  request: ApiRequest,
  items: T[],
  largest: number,
): { items: T[]; NextMarker?: string } {
  const from = Number(request.query.get('Marker') ?? 0) || 0
  const size = Math.min(Number(request.query.get('MaxItems') ?? largest) || largest, largest)
  const to = from + size
  return { items: items.slice(from, to), ...(to < items.length ? { NextMarker: String(to) } : {}) }
}
