const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/'

/** What a Query answer is made of. Lists are written as `<member>`s; undefined members are left out. */
export type XmlValue = string | number | boolean | Date | undefined | readonly XmlValue[] | XmlObject
export type XmlObject = { readonly [name: string]: XmlValue }

/** The answer to `action`, in the AWS Query protocol's envelope. */
export function responseXml(action: string, result: XmlObject | undefined, requestId: string): string {
  const body = result === undefined ? '' : element(`${action}Result`, result)
  const metadata = element('ResponseMetadata', { RequestId: requestId })
  return `<${action}Response xmlns="${NAMESPACE}">${body}${metadata}</${action}Response>`
}

function element(name: string, value: XmlValue): string {
  return value === undefined ? '' : `<${name}>${content(value)}</${name}>`
}

function content(value: Exclude<XmlValue, undefined>): string {
  if (value instanceof Date) return value.toISOString()
  if (isList(value)) return value.map((member) => element('member', member)).join('')
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, member]) => element(name, member))
      .join('')
  }
  return escapeText(String(value))
}

/** Array.isArray does not narrow readonly arrays out of a union. */
function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value)
}

/** Line ends are written as references, since an XML reader would turn CR LF into LF. */
function escapeText(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll('\r', '&#xD;')
      // Characters that XML 1.0 cannot hold in any form.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to take out
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
  )
}
