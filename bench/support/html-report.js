import { growthCurves } from './growth.js'
import { figure, ratioText } from './report.js'

/*
 * One page without anything from outside: for each case the distribution of every contender (a line from the smallest to
 * the largest sample, a box from p25 to p75, ticks at p50, p99 and p99.9, on a logarithmic axis) and its table. Where a bench
 * has cases of growing numbers, also how its figures grow.
 */

const WIDTH = 760
const LABEL = 210
const ROW = 26
const MARGIN = 24
const COLORS = ['#1565c0', '#c62828', '#6a1b9a', '#00838f', '#ef6c00', '#558b2f']
const LIMIT_COLOR = '#424242'
const STYLE = `
  body { font: 14px/1.45 system-ui, sans-serif; max-width: 820px; margin: 2em auto; padding: 0 1em; color: #222 }
  h2 { margin: 2em 0 .2em } h3 { margin: 1.4em 0 .3em; font-size: 1em } p { margin: .3em 0 }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums } td, th { padding: .1em .7em; text-align: right }
  td:first-child, th:first-child { text-align: left } th { border-bottom: 1px solid #999 } .warning { color: #b71c1c }
  svg { display: block; margin: .4em 0 } svg text { font-size: 11px; fill: #333 } .absent { color: #888 }`

/** Runs of the suite as one HTML page. */
export function htmlReport(runs) {
  const parts = runs.map(({ machine, rounds, benches }) => {
    const fields = Object.entries(machine).map(([name, value]) => `${escape(name)} ${escape(value)}`)
    return `<p>${fields.join(' · ')} · ${rounds} rounds</p>${benches.map(benchPart).join('\n')}`
  })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>dareplane-utils benches</title><style>${STYLE}</style></head>
<body><h1>Benches</h1>
<p>Each plot: line from smallest to largest sample, box p25 to p75, ticks at p50, p99 and p99.9; the axis is logarithmic.
Ratios are medians over rounds, with their 95 % interval, to the last contender that is there.</p>
${parts.join('\n')}</body></html>
`
}

function benchPart({ id, about, cases }) {
  return `<h2>${escape(id)}</h2><p>${escape(about)}</p>${growthCurves(cases).map(growthPart).join('\n')}${cases.map(casePart).join('\n')}`
}

const HEIGHT = 240

/** One line for each contender, from the medians, on linear axes from zero; the last is the limit. */
function growthPart({ figure: what, unit, of, curves }) {
  const all = curves.flatMap(({ points }) => points)
  const [right, top] = [Math.max(...all.map(([count]) => count)), Math.max(...all.map(([, value]) => value))]
  const x = count => MARGIN + 40 + (count / right) * (WIDTH - 2 * MARGIN - 40)
  const y = value => HEIGHT - MARGIN - (value / top) * (HEIGHT - 2 * MARGIN)
  const color = i => (i === curves.length - 1 ? LIMIT_COLOR : COLORS[i % COLORS.length])
  const counts = [...new Set(all.map(([count]) => count))]
  const axes = [
    ...counts.map(
      count => `<line x1="${x(count)}" x2="${x(count)}" y1="${y(top)}" y2="${y(0)}" stroke="#ddd"/>
      <text x="${x(count)}" y="${y(0) + 14}" text-anchor="middle">${count}</text>`,
    ),
    ...[0, top / 2, top].map(
      value => `<line x1="${x(0)}" x2="${x(right)}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/>
      <text x="${x(0) - 6}" y="${y(value) + 4}" text-anchor="end">${figure(value)}</text>`,
    ),
  ]
  const lines = curves.map(({ label, points }, i) => {
    const path = points.map(([count, value]) => `${x(count)},${y(value)}`).join(' ')
    const dots = points.map(([count, value]) => `<circle cx="${x(count)}" cy="${y(value)}" r="3" fill="${color(i)}"/>`)
    return `<g><title>${escape(label)}</title><polyline points="${path}" fill="none" stroke="${color(i)}" stroke-width="1.5"/>${dots.join('')}</g>`
  })
  const rows = curves.map(({ label, points, slope }, i) => {
    const at = counts.map(count => points.find(([each]) => each === count)?.[1])
    const cells = [...at, slope, slope / curves.at(-1).slope].map(
      value => `<td>${value === undefined ? '' : figure(value)}</td>`,
    )
    return `<tr><td><span style="color:${color(i)}">■</span> ${escape(label)}</td>${cells.join('')}</tr>`
  })
  const head = [...counts, 'each further', 'ratio'].map(text => `<th>${escape(text)}</th>`).join('')
  return `<h3>Growth: ${escape(what)} with the number of ${escape(of)}</h3>
    <svg width="${WIDTH}" height="${HEIGHT}" role="img">${axes.join('')}${lines.join('')}</svg>
    <table><tr><th>${escape(unit)}</th>${head}</tr>${rows.join('')}</table>`
}

function casePart({ name, unit, contenders, unstable, limitSpread, note }) {
  const warning = unstable
    ? `<p class="warning">unstable: the limit alone scatters by ${(limitSpread * 100).toFixed(0)} %</p>`
    : ''
  const extra = note ? `<p>${escape(note)}</p>` : ''
  return `<h3>${escape(name)}</h3>${plot(contenders, unit)}${tablePart(contenders, unit)}${extra}${warning}`
}

function tablePart(contenders, unit) {
  const limit = contenders.findLast(({ absent }) => absent === undefined)
  const rows = contenders.map(contender => {
    const { label, absent, p50, p99, p999, max } = contender
    if (absent !== undefined)
      return `<tr class="absent"><td>${escape(label)}</td><td colspan="5">${escape(absent)}</td></tr>`
    const cells = [...[p50, p99, p999, max].map(figure), contender === limit ? '1' : ratioText(contender)]
    return `<tr><td>${escape(label)}</td>${cells.map(cell => `<td>${cell}</td>`).join('')}</tr>`
  })
  return `<table><tr><th>${escape(unit)}</th><th>p50</th><th>p99</th><th>p99.9</th><th>max</th><th>ratio</th></tr>${rows.join('')}</table>`
}

function plot(contenders, unit) {
  const present = contenders.filter(({ absent }) => absent === undefined)
  const all = present.flatMap(({ quantiles }) => quantiles.map(([, value]) => value)).filter(value => value > 0)
  const low = Math.floor(Math.log10(Math.min(...all)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...all))))
  const x = value => LABEL + ((Math.log10(Math.max(value, 10 ** low)) - low) / (high - low)) * (WIDTH - LABEL - MARGIN)
  const bottom = ROW * present.length + 6
  const decades = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i))
  const axis = decades.map(
    value => `<line x1="${x(value)}" x2="${x(value)}" y1="0" y2="${bottom}" stroke="#ddd"/>
      <text x="${x(value)}" y="${bottom + 13}" text-anchor="middle">${Number(value.toPrecision(1))}</text>`,
  )
  const rows = present.map((contender, i) => {
    const color = i === present.length - 1 ? LIMIT_COLOR : COLORS[i % COLORS.length]
    return distribution(contender, { x, y: ROW * i + ROW / 2 + 4, color })
  })
  const title = `<text x="${WIDTH - MARGIN}" y="${bottom + 27}" text-anchor="end">${escape(unit)}</text>`
  return `<svg width="${WIDTH}" height="${bottom + 32}" role="img">${axis.join('')}${rows.join('')}${title}</svg>`
}

function distribution({ label, quantiles }, { x, y, color }) {
  const at = q => x(quantiles.find(([each]) => each === q)[1])
  const tick = (q, size) =>
    `<line x1="${at(q)}" x2="${at(q)}" y1="${y - size}" y2="${y + size}" stroke="${color}" stroke-width="2"><title>p${q * 100}</title></line>`
  return `<text x="0" y="${y + 4}">${escape(label.slice(0, 36))}</text>
    <line x1="${at(0)}" x2="${at(1)}" y1="${y}" y2="${y}" stroke="${color}"/>
    <rect x="${at(0.25)}" y="${y - 6}" width="${Math.max(1, at(0.75) - at(0.25))}" height="12" fill="${color}" opacity="0.25"/>
    ${tick(0.5, 8)}${tick(0.99, 5)}${tick(0.999, 3)}`
}

function escape(text) {
  return String(text).replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`)
}
