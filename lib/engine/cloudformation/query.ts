/** A member of a Query request: text, a list (`X.member.N`) or a structure (`X.Y`). */
export type QueryValue = string | QueryValue[] | QueryObject
export type QueryObject = { [name: string]: QueryValue }

type Node = { text?: string; children: Map<string, Node> }

/** The nested input of a form-encoded AWS Query request, `Action` and `Version` included. */
export function parseQuery(form: string): QueryObject {
  const root: Node = { children: new Map() }
  for (const [path, text] of new URLSearchParams(form)) {
    let node = root
    for (const part of path.split('.')) {
      const next = node.children.get(part) ?? { children: new Map() }
      node.children.set(part, next)
      node = next
    }
    node.text = text
  }
  return objectOf(root)
}

function objectOf(node: Node): QueryObject {
  return Object.fromEntries([...node.children].map(([name, child]) => [name, valueAt(child)]))
}

function valueAt(node: Node): QueryValue {
  if (node.children.size === 0) return node.text ?? ''
  const members = node.children.get('member')
  if (!members) return objectOf(node)
  return [...members.children].sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => valueAt(child))
}

/** The texts of a list. The SDKs send an empty list as an empty text. */
export function texts(value: QueryValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((member) => typeof member === 'string') : []
}
