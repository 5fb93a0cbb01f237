import { figure, ratioText } from './report.js'

/** Runs as the tables of README.md. */
export function markdownReport(runs) {
  return runs.flatMap(({ benches }) => benches.map(section)).join('\n\n')
}

function section({ id, about, cases }) {
  const rows = cases.flatMap(({ name, unit, contenders, unstable }) => {
    const limit = contenders.findLast(({ absent }) => absent === undefined)
    return contenders.map((contender, i) => {
      const title = i === 0 ? `${name}${unstable ? ' (unstable)' : ''}` : ''
      const { label, absent, p50, p99, p999, max } = contender
      if (absent !== undefined) return [title, label, 'absent', absent, '', '', '']
      const ratio = contender === limit ? '1' : ratioText(contender)
      return [title, label, `${figure(p50)} ${unit.split('/')[0]}`, ...[p99, p999, max].map(figure), ratio]
    })
  })
  const table = [['case', 'who', 'p50', 'p99', 'p99.9', 'max', 'ratio to the last'], ...rows]
  const widths = table[0].map((_, c) => Math.max(3, ...table.map(row => row[c].length)))
  const line = row => `| ${row.map((cell, c) => cell.padEnd(widths[c])).join(' | ')} |`
  const rule = `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`
  const notes = cases.filter(({ note }) => note).map(({ name, note }) => `${name}: ${note}.`)
  const text = notes.length > 0 ? `\n\n${notes.join('\n')}` : ''
  return `**${id}**: ${about}\n\n${[line(table[0]), rule, ...table.slice(1).map(line)].join('\n')}${text}`
}
