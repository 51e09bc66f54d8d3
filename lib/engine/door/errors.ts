import type { ApiError, ApiResponse, Protocol } from '../api'

/** Writes an error as AWS's own services do in that protocol, so that every SDK makes its usual exception of it. */
export function errorResponse(error: ApiError, protocol: Protocol, requestId: string): ApiResponse {
  const { code, message, status, members } = error
  switch (protocol) {
    case 'awsJson1_0':
    case 'awsJson1_1':
      return {
        status,
        headers: {
          'content-type': `application/x-amz-json-${protocol === 'awsJson1_0' ? '1.0' : '1.1'}`,
          'x-amzn-errortype': code,
        },
        body: JSON.stringify({ __type: code, message, ...members }),
      }
    case 'restJson1':
      return {
        status,
        headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
        body: JSON.stringify({ message, ...members }),
      }
    case 'awsQuery':
      return {
        status,
        headers: { 'content-type': 'text/xml' },
        body:
          `<ErrorResponse><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${xml(code)}</Code>` +
          `<Message>${xml(message)}</Message></Error><RequestId>${xml(requestId)}</RequestId></ErrorResponse>`,
      }
  }
}

/** The protocol that a call to a service we do not have is most likely in. */
export function guessProtocol(headers: Record<string, string>): Protocol {
  const type = headers['content-type'] ?? ''
  if (type.startsWith('application/x-amz-json-1.0')) return 'awsJson1_0'
  if (type.startsWith('application/x-amz-json-1.1')) return 'awsJson1_1'
  return type.startsWith('application/x-www-form-urlencoded') ? 'awsQuery' : 'restJson1'
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
