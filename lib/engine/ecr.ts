import { ACCOUNT, ApiError, type ApiRequest, type Service } from './api'

/**
 * A registry without repositories. Nothing here runs container images, but `sls remove` asks whether the service has a
 * repository, as it does on AWS.
 */
export function createEcr(): Service {
  return {
    name: 'ecr',
    protocol: 'awsJson1_1',
    handle: async (request) => ({
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: JSON.stringify(call(request)),
    }),
    close: async () => {},
  }
}

function call({ headers, body }: ApiRequest): unknown {
  const operation = headers['x-amz-target']?.split('.')[1]
  if (operation !== 'DescribeRepositories') {
    throw new ApiError('UnknownOperationException', `The local engine's ECR has no operation ${operation}.`)
  }
  const { repositoryNames = [] } = JSON.parse(body.toString() || '{}') as { repositoryNames?: string[] }
  const [name] = repositoryNames
  if (name === undefined) return { repositories: [] }
  // The wording is AWS's own (API reference, RepositoryNotFoundException, and its recorded answers).
  throw new ApiError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${ACCOUNT}'`,
  )
}
