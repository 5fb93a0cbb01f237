import { goalLine } from './goals.js'
import { growthCurves } from './growth.js'
import { figure, ratioText } from './report.js'

/** Runs as pages of results: the text of each by the name of its file. */
export function markdownPages(runs) {
  const pages = new Map()
  for (const { machine, rounds, benches } of runs)
    for (const bench of benches) {
      const file = `${bench.id.split(' ')[0]}.md`
      pages.set(file, `${pages.get(file) ?? ''}${page(bench, machine, rounds)}`)
    }
  return pages
}

function page({ id, about, cases }, machine, rounds) {
  const { cpu, cores, node, platform, library, python, loadBefore, commit, date } = machine
  const where = `${cpu}, ${cores} cores, Node ${node}, ${platform}, ${library}, ${python}`
  const when = `${date.slice(0, 10)}, commit ${commit}, load ${loadBefore} before; ${rounds} rounds`
  return `# ${id}\n\n${about[0].toUpperCase()}${about.slice(1)}.\n\n${where}; ${when}.\n\n${section(cases)}\n`
}

function section(cases) {
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
  const table = tableOf([['case', 'who', 'p50', 'p99', 'p99.9', 'max', 'ratio to the last'], ...rows])
  const notes = cases.filter(({ note }) => note).map(({ name, note }) => `- ${name}: ${note}.`)
  const goals = cases.flatMap(each => (each.goals ?? []).map(goal => `- ${goalLine(goal)}.`))
  const lists = [notes, goals].filter(list => list.length > 0).map(list => list.join('\n'))
  return [table, ...growthCurves(cases).map(growthTable), ...lists].join('\n\n')
}

function growthTable({ figure: what, unit, of, curves }) {
  const counts = [...new Set(curves.flatMap(({ points }) => points.map(([count]) => count)))]
  const rows = curves.map(({ label, points, slope }) => {
    const at = counts.map(count => points.find(([each]) => each === count)?.[1] ?? NaN)
    return [label, ...[...at, slope, slope / curves.at(-1).slope].map(figure)]
  })
  return tableOf([[`${what}, ${unit}, by ${of}`, ...counts.map(String), 'each further', 'ratio to the last'], ...rows])
}

function tableOf(table) {
  const widths = table[0].map((_, c) => Math.max(3, ...table.map(row => row[c].length)))
  const line = row => `| ${row.map((cell, c) => cell.padEnd(widths[c])).join(' | ')} |`
  const rule = `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`
  return [line(table[0]), rule, ...table.slice(1).map(line)].join('\n')
}
