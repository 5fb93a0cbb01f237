/** The result of a case as lines for people: its limit or baseline last, what it is divided by. */
export function caseLines({ name, unit, contenders, unstable, limitSpread, note }) {
  const rows = contenders.map(({ label, p50, p99, max, ratio, ratioInterval: [low, high] }, i) => [
    label,
    figure(p50),
    figure(p99),
    figure(max),
    i === contenders.length - 1 ? '1' : `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`,
  ])
  const table = [[unit, 'p50', 'p99', 'max', 'ratio of medians'], ...rows]
  const widths = table[0].map((_, c) => Math.max(...table.map(row => row[c].length)))
  const lines = table.map(row =>
    row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join('  '),
  )
  const warning = unstable ? [`UNSTABLE: the last line alone scatters by ${(limitSpread * 100).toFixed(0)} %`] : []
  return [name, ...[...lines, ...(note ? [note] : []), ...warning].map(line => `  ${line}`)]
}

function figure(value) {
  if (!Number.isFinite(value)) return String(value)
  return value >= 1000 ? Math.round(value).toString() : value.toPrecision(3)
}
