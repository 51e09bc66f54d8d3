import { ApiError } from '../api'

export const invalidParameter = (message: string) => new ApiError('InvalidParameterException', message)

export const noSuchGroup = () =>
  new ApiError('ResourceNotFoundException', 'The specified log group does not exist.')

export const noSuchStream = () =>
  new ApiError('ResourceNotFoundException', 'The specified log stream does not exist.')
