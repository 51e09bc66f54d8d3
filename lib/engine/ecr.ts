import { ACCOUNT, ApiError, type Service } from './api'
import { oneOperation } from './one-operation'

/**
 * A registry without repositories. Nothing here runs container images, but `sls remove` asks whether the service has a
 * repository, as it does on AWS.
 */
export function createEcr(): Service {
  return oneOperation({ name: 'ecr', title: 'ECR', operation: 'DescribeRepositories', answer: describe })
}

function describe({ repositoryNames: [name] = [] }: { repositoryNames?: string[] }): unknown {
  if (name === undefined) return { repositories: [] }
  // The wording is AWS's own (API reference, RepositoryNotFoundException, and its recorded answers).
  throw new ApiError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${ACCOUNT}'`,
  )
}
