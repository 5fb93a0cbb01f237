import '../support/loopback.js'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { resolveByProp } from '../../src/lsl/resolve.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { StreamInlet } from '../../src/lsl/stream-inlet.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'
import { childEnvironment } from '../support/child.js'
import { freePort } from '../support/free-port.js'
import { withoutPython } from '../support/interop/python.js'
import { uniqueName } from '../support/loopback.js'
import { loopbackFolder, projectFolder } from '../support/project.js'
import { seededRandom } from '../support/random.js'

const CHANNELS = 8
const RATE = 250
const CHUNK = 50

/** One of the two decoders of examples/decoder, and the inlet that hears it. */
async function decoder(t: Test, command: string, file: string, stream: string) {
  const outlet = uniqueName(file)
  const port = await freePort()
  const args = [join(projectFolder, 'examples', 'decoder', file), `--stream=${stream}`, `--outlet=${outlet}`]
  const child = spawn(command, [...args, `--port=${port}`, '--ip=127.0.0.1'], { cwd: loopbackFolder, env: childEnvironment() }) // prettier-ignore
  child.stderr.on('data', (text: Buffer) => t.comment(text.toString()))
  t.teardown(() => child.kill('SIGKILL'))
  const [info] = await resolveByProp('name', outlet, { timeoutS: 60 })
  const inlet = new StreamInlet(info!)
  t.teardown(() => inlet.close())
  await inlet.open(20)
  const client = await connected(port)
  t.teardown(() => client.destroy())
  client.write('START;')
  const rows = new Map<number, number[]>()
  /** What has come by now, by stamp. */
  const pull = async (): Promise<void> => {
    const { data, times } = await inlet.pullChunk({ timeoutS: 0.05 })
    times.forEach((time, i) => rows.set(time, Array.from((data as Float32Array).subarray(i * CHANNELS, (i + 1) * CHANNELS)))) // prettier-ignore
  }
  return { rows, pull, client, child, info: info! }
}

/** Once somebody listens there: the decoders announce their outlet a moment before. */
async function connected(port: number): Promise<Socket> {
  for (;;) {
    const client = connect(port, '127.0.0.1')
    try {
      await once(client, 'connect')
      return client
    } catch {
      await delay(50)
    }
  }
}

t.test('the decoder and its Python twin send the same numbers', { skip: withoutPython }, async t => {
  const name = uniqueName('eeg')
  await using outlet = new StreamOutlet(
    new StreamInfo({ name, type: 'EEG', channelCount: CHANNELS, nominalSrate: RATE, sourceId: name }),
  )
  const [ours, theirs] = await Promise.all([
    decoder(t, process.execPath, 'decoder.js', name),
    decoder(t, process.env['INTEROP_PYTHON']!, 'decoder.py', name),
  ])
  const random = seededRandom(t)
  let sent = 0
  const stampOf = (frame: number): number => 1000 + frame / RATE
  const push = (): void => {
    const samples = Float32Array.from({ length: CHUNK * CHANNELS }, (_, i) => {
      const frame = sent + Math.floor(i / CHANNELS)
      return 5000 + 20 * Math.sin((2 * Math.PI * 10 * frame) / RATE + (i % CHANNELS)) + 10 * random()
    })
    outlet.pushChunk(
      samples,
      Float64Array.from({ length: CHUNK }, (_, i) => stampOf(sent + i)),
    )
    sent += CHUNK
  }
  /** Both have sent what belongs to the last sample. */
  const done = (): boolean => [ours, theirs].every(({ rows }) => rows.has(stampOf(sent - 1)))
  // Until both decode; what was sent before is of no account.
  do {
    push()
    for (let pulls = 0; pulls < 5 && !done(); pulls++) await Promise.all([ours.pull(), theirs.pull()])
  } while (!done())
  const first = sent
  while (sent < first + 12 * RATE) {
    push()
    while (!done()) await Promise.all([ours.pull(), theirs.pull()])
  }
  // They began with different samples; six seconds later a filter of 4 Hz has forgotten that.
  let worst = 0
  let compared = 0
  for (let frame = first + 6 * RATE; frame < sent; frame++) {
    const [our, their] = [ours.rows.get(stampOf(frame)), theirs.rows.get(stampOf(frame))]
    our?.forEach((value, c) => (worst = Math.max(worst, Math.abs(value / their![c]! - 1))))
    compared += our?.length ?? 0
  }
  t.equal(compared, CHANNELS * (sent - first - 6 * RATE))
  const last = ours.rows.get(stampOf(sent - 1))!
  t.ok(
    last.every(power => power > 100 && power < 300),
    'of a wave of amplitude 20',
  )
  t.ok(worst < 1e-6, `they differ by at most ${worst}`)
  t.match(ours.info, { type: 'Power', channelCount: CHANNELS, nominalSrate: RATE })
  for (const { client, child } of [ours, theirs]) {
    client.write('STOP;CLOSE;')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
})
