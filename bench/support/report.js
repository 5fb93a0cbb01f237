import { goalLine } from './goals.js'

/** The result of a case as lines for people: its limit or baseline last, what it is divided by. */
export function caseLines({ name, unit, contenders, unstable, limitSpread, goals = [], note }) {
  const limit = contenders.findLast(({ absent }) => absent === undefined)
  const rows = contenders.map(contender => {
    const { label, absent, p50, p99, p999, max } = contender
    if (absent !== undefined) return [label, '-', '-', '-', '-', `absent: ${absent}`]
    return [label, ...[p50, p99, p999, max].map(figure), contender === limit ? '1' : ratioText(contender)]
  })
  const table = [[unit, 'p50', 'p99', 'p99.9', 'max', `ratio to ${limit.label}`], ...rows]
  const widths = table[0].map((_, c) => Math.max(...table.map(row => row[c].length)))
  const lines = table.map(row =>
    row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join('  '),
  )
  const warning = unstable ? [`UNSTABLE: the limit alone scatters by ${(limitSpread * 100).toFixed(0)} %`] : []
  return [name, ...[...lines, ...(note ? [note] : []), ...goals.map(goalLine), ...warning].map(line => `  ${line}`)]
}

export function ratioText({ ratio, ratioInterval: [low, high] }) {
  // To a limit of nothing at all there is no ratio.
  if (!Number.isFinite(ratio)) return '-'
  return `${ratioFigure(ratio)} (${ratioFigure(low)} to ${ratioFigure(high)})`
}

function ratioFigure(value) {
  return value >= 100 || value < 0.01 ? Number(value.toPrecision(3)).toString() : value.toFixed(2)
}

export function figure(value) {
  if (!Number.isFinite(value)) return String(value)
  return Math.abs(value) >= 1000 ? Math.round(value).toString() : value.toPrecision(3)
}
