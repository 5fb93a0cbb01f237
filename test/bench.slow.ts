import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runNode } from './support/child.js'
import './support/loopback.js'
import { projectFolder } from './support/project.js'

const script = join(projectFolder, 'bench', 'run.js')
// A machine without a C compiler.
const options = { env: { CC: '/nowhere/cc' }, timeoutMs: 240_000 }

type Row = { label: string; absent?: string; p50: number; ratio: number }

interface Measured {
  machine: { node: string }
  benches: { id: string; cases: { unit: string; contenders: Row[] }[] }[]
}

async function bench(json: string, ...args: string[]): Promise<{ measured: Measured; stdout: string }> {
  const { stdout } = await runNode([script, '--quick', '--rounds', '1', '--json', json, ...args], options)
  return { measured: JSON.parse(readFileSync(json, 'utf8')) as Measured, stdout }
}

t.test('the ring benches measure each case against its baseline, for people and as JSON', async t => {
  const { measured, stdout } = await bench(join(t.testdir(), 'out.json'), '--only', 'ring')
  t.equal(measured.machine.node, process.version)
  t.match(measured.benches.map(({ id }) => id), [/^ring-append/, /^ring-contention/, /^ring-snapshot/, /^ring-window/]) // prettier-ignore
  const cases = measured.benches.flatMap(({ cases }) => cases)
  t.ok(cases.length >= 6)
  for (const { contenders } of cases) {
    t.ok(contenders.length >= 2)
    // Peers that are not on this machine have a reason instead of figures.
    t.ok(contenders.every(({ absent, p50, ratio }) => absent !== undefined || (p50 > 0 && ratio > 0)))
    t.equal(contenders.at(-1)?.ratio, 1)
  }
  t.match(stdout, /TypedArray\.set/)
})

t.test('the latency bench gets every sample through the watcher and through the plain loop', async t => {
  const { measured } = await bench(join(t.testdir(), 'out.json'), '--only', 'watcher-latency')
  const [ours, plain] = measured.benches[0]!.cases[0]!.contenders
  t.match(ours?.label, 'main thread')
  t.ok(ours!.p50 < 1e6 && plain!.p50 < 1e6, 'microseconds, below a second')
})

t.test('a peer that is not there has a row that says so; the plots and the table are of the same run', async t => {
  const folder = t.testdir()
  const pages = ['--html', '--markdown', '--results', folder]
  const { measured, stdout } = await bench(join(folder, 'out.json'), '--only', 'wake', ...pages)
  const { contenders } = measured.benches[0]!.cases[0]!
  t.match(contenders.at(-1), { label: /^C/, absent: 'no C compiler' })
  t.match(stdout, /C, condition variable .*absent: no C compiler/)
  t.match(readFileSync(join(folder, 'wake.md'), 'utf8'), /\| *C, condition variable *\| *absent *\| *no C compiler/)
  const page = readFileSync(join(projectFolder, 'bench', 'report.html'), 'utf8')
  t.match(page, /<svg[^]*Atomics\.waitAsync[^]*no C compiler/)
  t.notMatch(page, /(src|href)=/, 'nothing from outside')
})

t.test('cases of growing numbers are one plot for each figure, with the slope of each contender', async t => {
  const rows = (ours: number, limit: number) => [ours, limit].map((value, i) => ({ label: i === 0 ? 'ours' : 'C', rounds: [value], quantiles: [[0, value], [0.25, value], [0.5, value], [0.75, value], [0.99, value], [0.999, value], [1, value]], p50: value, p99: value, p999: value, max: value, ratio: 1, ratioInterval: [1, 1] })) // prettier-ignore
  const one = (count: number, ours: number, limit: number) => ({ name: `${count} streams`, unit: '%', growth: { figure: 'CPU', of: 'streams', count }, contenders: rows(ours, limit) }) // prettier-ignore
  const folder = t.testdir()
  const file = join(folder, 'out.json')
  const cases = [one(1, 5, 1), one(3, 9, 2), one(5, 13, 3)]
  const machine = { date: '2026-01-01', commit: 'x' }
  writeFileSync(file, JSON.stringify({ machine, rounds: 1, benches: [{ id: 'growth', about: 'a line', cases }] }))
  await runNode([script, '--from', file, '--html', '--markdown', '--results', folder], options)
  const page = readFileSync(join(projectFolder, 'bench', 'report.html'), 'utf8')
  t.equal(page.match(/<polyline/g)?.length, 2)
  t.match(page, /Growth: CPU with the number of streams/)
  t.match(readFileSync(join(folder, 'growth.md'), 'utf8'), /\| ours +\| 5\.00 \| 9\.00 \| 13\.0 \| 2\.00 +\| 4\.00 /)
})

t.test('a bench that does not exist, and rounds that are no number, are mistakes', async t => {
  await t.rejects(runNode([script, '--only', 'nothing']), { message: /no bench .*'nothing'/ })
  await t.rejects(runNode([script, '--rounds', 'many']), { message: /--rounds .*many/ })
})
