/** A string as an XPath 1.0 literal, whatever quotes it holds. */
export function xpathLiteral(value: string): string {
  if (!value.includes("'")) return `'${value}'`
  if (!value.includes('"')) return `"${value}"`
  return `concat(${value
    .split("'")
    .map(part => `'${part}'`)
    .join(`, "'", `)})`
}
