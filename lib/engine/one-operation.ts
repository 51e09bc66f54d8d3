import { ApiError, type Service } from './api'

type OneOperation<Input> = {
  /** As signatures name it. */
  name: string
  /** As people do. */
  title: string
  operation: string
  answer(input: Input): unknown
}

/** A service with AWS's JSON protocol of which the engine has one operation. */
export function oneOperation<Input extends object>(of: OneOperation<Input>): Service {
  const { name, title, operation, answer } = of
  return {
    name,
    protocol: 'awsJson1_1',
    async handle({ headers, body }) {
      const asked = headers['x-amz-target']?.split('.')[1]
      if (asked !== operation)
        throw new ApiError(
          'UnknownOperationException',
          `The local engine's ${title} has no operation ${asked}.`,
        )
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify(answer(JSON.parse(body.toString() || '{}') as Input)),
      }
    },
    close: async () => {},
  }
}
