import { once } from 'node:events'
import t from 'tap'
import { Dareplane, dareplane } from '../support/dareplane.js'
import { uniqueName } from '../support/loopback.js'

async function outlet(...args: string[]): Promise<Dareplane> {
  const running = new Dareplane(['outlet', ...args])
  await running.line(/^ready/)
  return running
}

t.test('bench profiles a stream: rate, jitter, latency, losses, cost, and what it means', async t => {
  const name = uniqueName('profiled')
  await using _outlet = await outlet('--name', name, '--rate', '500', '--channels', '4')
  const { code, stdout, stderr } = await dareplane('bench', '--stream', name, '--seconds', '2')
  t.equal(code, 0)
  t.equal(stderr, '')
  t.match(stdout, /^ {2}samples +\d+ in \d+\.\d s$/m)
  t.match(stdout, /^ {2}rate +\d+\.\d+ Hz by this clock, \d+\.\d+ Hz by the stamps, 500 Hz announced$/m)
  t.match(stdout, /^ {2}jitter of stamps +p50 .* p99 .* max .*$/m)
  t.match(stdout, /^ {2}push to here +p50 \S+ \S+, p99 \S+ \S+, max \S+ \S+$/m)
  t.match(stdout, /^ {2}missing +0 network, 0 overwritten, \d+ by the stamps; 0 interruptions$/m)
  t.match(stdout, /^ {2}wake-ups +\d+\/s of the main thread, \d+\/s of the stream's own thread$/m)
  t.match(stdout, /^ {2}CPU +\d+\.\d % of a core a stream/m)
  t.match(stdout, /^ {2}event-loop delay +p50 /m)
  t.match(stdout, new RegExp(`^'${name}': \\w+`, 'm'), 'a verdict')
})

t.test('bench profiles several streams at once, as JSON; one that is silent is said to be', async t => {
  const [fast, markers] = [uniqueName('fast'), uniqueName('markers')]
  await using _fast = await outlet('--name', fast, '--rate', '200')
  await using _markers = await outlet('--name', markers, '--format', 'string', '--channels', '1', '--rate', '0.001')
  const { code, stdout } = await dareplane('bench', '--stream', fast, markers, '--seconds', '1.5', '--json')
  t.equal(code, 0)
  const { streams, process } = JSON.parse(stdout) as { streams: Record<string, unknown>[]; process: object }
  t.match(streams, [
    { name: fast, nominalSrate: 200, lost: 0, lapped: 0, jitter: { p50S: Number, p99S: Number }, verdict: [String] },
    { name: markers },
  ])
  t.ok((streams[0]?.['frames'] as number) > 50)
  t.match(process, { cpuShare: Number, eventLoopDelay: { p50S: Number, p99S: Number, maxS: Number }, verdict: [] })
})

t.test('a stream that is missing is one clear line, beside one that is there', async t => {
  const name = uniqueName('there')
  await using _outlet = await outlet('--name', name)
  const { code, stdout, stderr } = await dareplane('bench', '--stream', name, 'nobody', '--timeout', '0.5')
  t.equal(code, 1)
  t.equal(stdout, '')
  t.match(stderr, /^dareplane: no stream with name='nobody' within 0\.5 s[^\n]*\n$/)
  t.match(await dareplane('bench'), { code: 1, stderr: /^dareplane: [^\n]*--stream[^\n]*\n$/ })
})

t.test('Ctrl-C ends a bench early with its report, and looking for a stream without a word', async t => {
  const name = uniqueName('interrupted')
  await using _outlet = await outlet('--name', name)
  await using bench = new Dareplane(['bench', '--stream', name, '--seconds', '600'])
  await bench.line(/^measuring 600 s/)
  t.match(await bench.interrupt(), { code: 0, stdout: /^ {2}samples /m, stderr: '' })

  await using search = new Dareplane(['bench', '--stream', 'nobody', '--timeout', '60'])
  await once(search.child, 'spawn')
  t.match(await search.interrupt(), { stdout: '', stderr: '' })
})
