import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { testFolder } from './support/loopback.js'

const run = promisify(execFile)
const script = join(testFolder, '..', 'bench', 'run.js')

type Row = { label: string; absent?: string; p50: number; ratio: number }

interface Measured {
  machine: { node: string }
  benches: { id: string; cases: { unit: string; contenders: Row[] }[] }[]
}

async function bench(json: string, ...args: string[]): Promise<{ measured: Measured; stdout: string }> {
  const env = { ...process.env, NODE_OPTIONS: '', CC: '/nowhere/cc' }
  const { stdout } = await run(process.execPath, [script, '--quick', '--rounds', '1', '--json', json, ...args], { env })
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
  const { measured, stdout } = await bench(join(t.testdir(), 'out.json'), '--only', 'wake', '--html', '--markdown')
  const { contenders } = measured.benches[0]!.cases[0]!
  t.match(contenders.at(-1), { label: /^C/, absent: 'no C compiler' })
  t.match(stdout, /C, condition variable .*absent: no C compiler/)
  t.match(stdout, /\| +C, condition variable +\| absent +\| no C compiler/)
  const page = readFileSync(join(testFolder, '..', 'bench', 'report.html'), 'utf8')
  t.match(page, /<svg[^]*Atomics\.waitAsync[^]*no C compiler/)
  t.notMatch(page, /(src|href)=/, 'nothing from outside')
})

t.test('a bench that does not exist, and rounds that are no number, are mistakes', async t => {
  await t.rejects(run(process.execPath, [script, '--only', 'nothing']), { message: /no bench .*'nothing'/ })
  await t.rejects(run(process.execPath, [script, '--rounds', 'many']), { message: /--rounds .*many/ })
})
