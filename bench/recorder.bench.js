// The path of a recorder from the rings to the file, limit: a plain write of the same number of bytes in blocks of the same size. Then
// whole recordings of streams from another process, beside LabRecorder.
import './support/loopback.js'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allocateSamples } from '../dist/channel-format.js'
import { allocateRing } from '../dist/ring/allocate-ring.js'
import { RingWriter } from '../dist/ring/ring-writer.js'
import { RecordedRing } from '../dist/workers/recorder/recorded-ring.js'
import { RecordingFile } from '../dist/workers/recorder/recording-file.js'
import { XdfBytes } from '../dist/xdf/xdf-bytes.js'
import { openXdf } from '../dist/xdf.js'
import { ENGINES, withEngine } from './support/engines.js'
import { labRecorder, noLabRecorder } from './support/lab-recorder.js'
import { Peer } from './support/peers.js'
import { shownAgain } from './support/shown-again.js'

/** Seconds of signal in one turn, as long as a recorder waits between two flushes. */
const TURN_S = 1
const BLOCK_BYTES = 2 ** 22
const CHUNK_FRAMES = 100
const CASES = [
  { streams: 32, channels: 32, rate: 1000, format: 'float32' },
  { streams: 2, channels: 384, rate: 30_000, format: 'int16' },
  { streams: 1, channels: 1, rate: 30_000, format: 'int16' },
]
const quiet = { trouble: () => undefined, well: () => undefined }

function nameOf({ streams, channels, rate, format }) {
  return `${streams} x ${channels} x ${rate / 1000} kHz ${format}`
}

/** `isSynced`: until the bytes are on the disk itself. */
function recorderCase({ streams, channels, rate, format }, isSynced) {
  const folder = mkdtempSync(join(tmpdir(), 'recorder-bench-'))
  const frames = rate * TURN_S
  const chunk = allocateSamples(format, CHUNK_FRAMES * channels).fill(7)
  const writers = []
  const rings = []
  for (let id = 1; id <= streams; id++) {
    const ring = allocateRing({ frames, channels, format, nominalSrate: rate })
    writers.push(new RingWriter(ring))
    rings.push(new RecordedRing({ id, channelCount: channels, channelFormat: format, nominalSrate: rate, headerXml: '<info/>', ring })) // prettier-ignore
  }
  const bytes = new XdfBytes()
  let sent = 0
  let turn = 0
  let length = 0

  const fill = () => {
    for (let at = 0; at < frames; at += CHUNK_FRAMES) {
      const times = Float64Array.from({ length: CHUNK_FRAMES }, (_, i) => (sent + at + i) / rate)
      for (const writer of writers) writer.append(chunk, times)
    }
    sent += frames
  }
  const ours = async () => {
    fill()
    const path = join(folder, `ours-${turn++}`)
    const file = await RecordingFile.create(path, quiet)
    const startMs = performance.now()
    for (const ring of rings) {
      const { end } = ring
      while (ring.take(bytes, end)) {
        if (bytes.length < BLOCK_BYTES) continue
        await file.append(bytes.bytes)
        bytes.truncate(0)
      }
    }
    await file.append(bytes.bytes)
    bytes.truncate(0)
    if (isSynced) await file.sync()
    const tookMs = performance.now() - startMs
    length = file.bytes
    await file.close()
    rmSync(path)
    return [(tookMs * 1e6) / length]
  }
  const block = Buffer.alloc(BLOCK_BYTES, 7)
  const plain = async () => {
    const path = join(folder, `plain-${turn++}`)
    const file = await open(path, 'wx')
    const startMs = performance.now()
    for (let at = 0; at < length; at += block.length)
      await file.write(block, 0, Math.min(block.length, length - at), at)
    if (isSynced) await file.datasync()
    const tookMs = performance.now() - startMs
    await file.close()
    rmSync(path)
    return [(tookMs * 1e6) / length]
  }
  return {
    name: `${nameOf({ streams, channels, rate, format })}, ${isSynced ? 'on the disk' : 'handed to the system'}`,
    unit: 'ns per byte',
    contenders: [
      { label: 'rings to file', measure: ours },
      { label: 'plain write', measure: plain },
    ],
    // The third case is no load of a lab: it shows what a sample costs.
    goals:
      channels > 1
        ? [{ id: 'B22', goal: 'at most 2 times a plain write', of: 'rings to file', to: 'plain write', atMost: 2 }]
        : [],
    note: ([mine, limit]) =>
      `${(1000 / mine).toFixed(0)} MB/s, ${(limit / mine).toFixed(2)} of the plain write; ${((mine * length) / 1e7 / TURN_S).toFixed(2)} % of a core at this rate`, // prettier-ignore
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const OURS = engine => `XdfRecorder, ${engine}`
const LABRECORDER = "LabRecorder's command line"

/** Two cases over the same turns: CPU, and samples that are not in the file. Each turn is a fresh process. */
async function* wholeCases(load, seconds) {
  const { streams: count, channels, rate, format } = load
  const folder = mkdtempSync(join(tmpdir(), 'recorder-bench-'))
  const prefix = `bench-${process.pid}-${process.hrtime.bigint().toString(36)}`
  const setup = JSON.stringify({ prefix, count, channels, rate, format })
  const sender = fork(new URL('./support/counting-sender.js', import.meta.url), [setup])
  await once(sender, 'message')
  const lost = new Map()
  const recorded = async (label, record) => {
    const file = join(folder, 'run.xdf')
    const { cpuS, seconds: took } = await record(file)
    lost.set(label, [...(lost.get(label) ?? []), [await lostIn(file)]])
    rmSync(file)
    return [(100 * cpuS) / took]
  }
  const ours = engine => async file => {
    const peer = Peer.node('recorder.js', [prefix, count, seconds, file], withEngine(engine))
    try {
      return await peer.answer()
    } finally {
      await peer.stop()
    }
  }
  const theirs = file => labRecorder({ prefix, count, seconds, file })
  const contenders = [
    ...ENGINES.map(engine => ({ label: OURS(engine), measure: () => recorded(OURS(engine), ours(engine)) })),
    noLabRecorder
      ? { label: LABRECORDER, absent: noLabRecorder }
      : { label: LABRECORDER, measure: () => recorded(LABRECORDER, theirs) },
  ]
  const close = async () => {
    const exited = once(sender, 'exit')
    sender.disconnect()
    await exited
    rmSync(folder, { recursive: true, force: true })
  }
  const title = `${nameOf(load)}, ${seconds} s`
  const cpu = ENGINES.map(engine => ({ id: 'B22', goal: `${OURS(engine)}: at most LabRecorder's CPU`, of: OURS(engine), to: LABRECORDER, atMost: 1 })) // prettier-ignore
  yield { name: `${title}: CPU`, unit: '% of a core', contenders, goals: cpu, close, atMost: 1, warmUp: false }
  const none = ENGINES.map(engine => ({ id: 'B22', goal: `${OURS(engine)}: 0 lost`, of: OURS(engine), atMost: 0 }))
  yield { name: `${title}: lost`, unit: 'samples', goals: none, ...shownAgain(contenders, lost) }
}

/** Numbers that the first channel leaves out, of all streams. */
async function lostIn(file) {
  const last = new Map()
  let lost = 0
  for await (const { kind, stream, samples } of openXdf(file, { synchronizeClocks: false, dejitter: false })) {
    if (kind !== 'samples') continue
    for (let at = 0; at < samples.length; at += stream.channelCount) {
      const step = samples[at] - (last.get(stream.id) ?? samples[at] - 1)
      lost += (stream.channelFormat === 'int16' ? step & 0xffff : step) - 1
      last.set(stream.id, samples[at])
    }
  }
  return lost
}

export default {
  id: 'recorder (B22)',
  about: 'samples of one second from the rings into an XDF file; whole recordings',
  async *cases({ quick }) {
    for (const isSynced of [false, true]) for (const each of CASES) yield recorderCase(each, isSynced)
    for (const each of CASES.slice(0, quick ? 1 : 2)) yield* wholeCases(each, quick ? 5 : 60)
  },
}
