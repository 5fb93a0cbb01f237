const TERM = /\s*([A-Za-z_][\w.]*)\s*=\s*(?:'([^']*)'|"([^"]*)")\s*(?:and(?=\s)|$)/y

/**
 * The terms of a query of the form `a='x' and b="y"`, which nearly all are and which then needs no XPath; undefined for any
 * other. An empty query has no terms and holds always.
 */
export function simpleTerms(query: string): readonly (readonly [string, string])[] | undefined {
  if (query.trim() === '') return []
  const terms: [string, string][] = []
  TERM.lastIndex = 0
  let open = true
  while (open) {
    const start = TERM.lastIndex
    const match = TERM.exec(query)
    if (match === null) return undefined
    terms.push([match[1] ?? '', match[2] ?? match[3] ?? ''])
    open = query.slice(start, TERM.lastIndex).endsWith('and')
  }
  return terms
}
