import { once } from 'node:events'
import t from 'tap'
import { Dareplane, dareplane } from '../support/dareplane.js'
import { uniqueName } from '../support/loopback.js'

async function outlet(...args: string[]): Promise<Dareplane> {
  const running = new Dareplane(['outlet', ...args])
  await running.line(/^ready/)
  return running
}

const parsed = (stdout: string): Record<string, unknown>[] =>
  stdout.trim().split('\n').map(line => JSON.parse(line) as Record<string, unknown>) // prettier-ignore

t.test('watch prints plain lines with rate, age, latency, losses and values, and a summary', async t => {
  const name = uniqueName('plain')
  await using _outlet = await outlet('--name', name, '--rate', '500', '--channels', '3')
  const { code, stdout, stderr } = await dareplane('watch', name, '--seconds', '2.5')
  t.equal(code, 0)
  t.equal(stderr, '')
  const lines = stdout.trim().split('\n')
  const reports = lines.filter(line => / Hz {2}age /.test(line))
  t.match(lines[0], `watching '${name}' (EEG, 3 x float32, 500 Hz`)
  t.match(
    reports.at(-1),
    /^\d+ samples {2}\d+\.\d Hz {2}age .*s {2}missing 0 {2}latency .*s.* {2}Fp1 \S+ \S+ {2}Fp2 \S+ \S+ {2}F7 \S+ \S+$/,
  )
  const rate = Number(/([\d.]+) Hz/.exec(reports.at(-1)!)?.[1])
  t.ok(rate > 250 && rate < 1000, `${rate} Hz`)
  t.match(lines.at(-1), new RegExp(`^\\d+ samples of '${name}' in \\d+\\.\\d s, missing 0$`))
  t.notMatch(stdout, '\u001b', 'no control characters outside a terminal')
})

t.test('watch prints JSON, one object a line', async t => {
  const name = uniqueName('json')
  await using _outlet = await outlet('--name', name, '--channels', '2', '--format', 'int64')
  const { code, stdout } = await dareplane('watch', name, '--seconds', '1.5', '--json')
  t.equal(code, 0)
  const lines = parsed(stdout)
  t.match(lines[0], { kind: 'stream', name, channelCount: 2, channelFormat: 'int64', channelNames: ['Fp1', 'Fp2'] })
  t.match(
    lines.find(({ kind }) => kind === 'status'),
    {
      state: 'connected',
      values: [Number, Number],
      latency: { p50S: Number, maxS: Number },
    },
  )
  t.match(lines.at(-1), { kind: 'end', seconds: Number, stats: { lost: 0, lapped: 0 } })
})

t.test('watch shows markers as they come', async t => {
  const name = uniqueName('markers')
  await using _outlet = await outlet('--name', name, '--format', 'string', '--channels', '2', '--rate', '20')
  const plain = await dareplane('watch', name, '--seconds', '1')
  t.match(plain.stdout, /^marker \d\d:\d\d:\d\d\.\d{3} {2}"(stimulus|response)\S* {2}"\S+"$/m)
  const json = parsed((await dareplane('watch', name, '--seconds', '1', '--json')).stdout)
  t.match(
    json.find(({ kind }) => kind === 'marker'),
    { timestamp: Number, values: [String, String] },
  )
})

t.test('watch picks a stream by type and source, and names those that are ambiguous', async t => {
  const name = uniqueName('twice')
  await using _a = await outlet('--name', name, '--type', 'A', '--source-id', `${name}-a`)
  await using _b = await outlet('--name', name, '--type', 'B', '--source-id', `${name}-b`)
  const both = await dareplane('watch', name, '--seconds', '0.2')
  t.equal(both.code, 1)
  t.match(both.stderr, new RegExp(`^dareplane: .*${name}-(a|b).*${name}-(a|b).*\n$`))
  t.match(await dareplane('watch', name, '--seconds', '0.2', '--type', 'B'), { code: 0, stdout: `${name}-b` })
  t.match(await dareplane('watch', name, '--seconds', '0.2', '--source-id', `${name}-a`), {
    code: 0,
    stdout: `${name}-a`,
  })
})

t.test('an absent stream is one clear line, within its time limit', async t => {
  const { code, stdout, stderr } = await dareplane('watch', 'nobody', '--timeout', '0.3')
  t.equal(code, 1)
  t.equal(stdout, '')
  t.match(stderr, /^dareplane: no stream with name='nobody' within 0\.3 s[^\n]*\n$/)
})

t.test('a stream that dies is lost and comes back recovered; one of another shape ends the watching', async t => {
  const name = uniqueName('dying')
  const again = ['--name', name, '--source-id', name]
  const first = await outlet(...again)
  await using watch = new Dareplane(['watch', name, '--json', '--seconds', '120'])
  await watch.line(/"kind":"status"/)
  first.child.kill('SIGKILL')
  await watch.line(/"event":"lost"/)
  await first.ended
  const second = await outlet(...again)
  t.match(JSON.parse(await watch.line(/"event":"recovered"/)), { after: 'lost', reconnections: 1, gapS: Number })
  second.child.kill('SIGKILL')
  await second.ended
  await using _third = await outlet(...again, '--channels', '3')
  const { code, stdout, stderr } = await watch.ended
  t.equal(code, 1)
  t.match(stdout, /"event":"incompatible"/)
  t.match(stderr, /^dareplane: .*another shape[^\n]*\n$/m)
})

t.test('Ctrl-C ends watching with a summary, and looking for a stream without a word', async t => {
  const name = uniqueName('interrupted')
  await using _outlet = await outlet('--name', name)
  await using watch = new Dareplane(['watch', name])
  await watch.line(/^watching/)
  t.match(await watch.interrupt(), { code: 0, stdout: /samples of .* missing 0/, stderr: '' })

  await using search = new Dareplane(['watch', 'nobody', '--timeout', '60'])
  await once(search.child, 'spawn')
  // Until it has set its handler Ctrl-C ends it as any process: exit by signal, which is as quiet.
  t.match(await search.interrupt(), { stdout: '', stderr: '' })
})
