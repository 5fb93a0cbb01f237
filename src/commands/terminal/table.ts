const GAP = 2
const LEAST_WIDTH = 8

/** How a table is laid out. */
export interface TableLayout {
  /** Columns that are aligned right. */
  readonly right?: readonly number[]
  /** The most columns of the terminal, default any. */
  readonly width?: number
  /** The columns that go first, in this order, where there is no room for all. */
  readonly optional?: readonly number[]
}

/** Rows of cells as lines with aligned columns. Where they do not fit, optional columns go, then the widest is shortened. */
export function table(rows: readonly (readonly string[])[], layout: TableLayout = {}): string[] {
  const { right = [], width = Infinity, optional = [] } = layout
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, c) => (widths[c] = Math.max(widths[c] ?? 0, cell.length)))
  const shown = new Set(widths.keys())
  const total = (): number => [...shown].reduce((sum, c) => sum + (widths[c] ?? 0) + GAP, -GAP)
  for (const column of optional) if (total() > width) shown.delete(column)
  for (let over = total() - width; over > 0; over = total() - width) {
    const widest = [...shown].reduce((a, b) => ((widths[b] ?? 0) > (widths[a] ?? 0) ? b : a))
    if ((widths[widest] ?? 0) <= LEAST_WIDTH) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return rows.map(row =>
    row
      .flatMap((cell, c) => {
        if (!shown.has(c)) return []
        const text = cut(cell, widths[c] ?? 0)
        return right.includes(c) ? text.padStart(widths[c] ?? 0) : text.padEnd(widths[c] ?? 0)
      })
      .join(' '.repeat(GAP))
      .trimEnd(),
  )
}

/** `text` in at most `width` columns. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`
}
