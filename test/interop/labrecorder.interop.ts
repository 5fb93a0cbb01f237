import { uniqueName } from '../support/loopback.js'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { Test } from 'tap'
import type { ChannelFormat } from '../../src/channel-format.js'
import { localClock } from '../../src/clock.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'
import { XdfRecorder } from '../../src/recording/xdf-recorder.js'
import { readXdf } from '../../src/xdf/read-xdf.js'
import type { XdfStream } from '../../src/xdf/read-xdf.js'
import { AS_RECORDED } from '../../src/xdf/stamps/stamp-correction.js'

const program = process.env['LABRECORDER']
const skip = program ? false : 'LABRECORDER names no LabRecorderCLI: it is built from the public source of LabRecorder'
const SECONDS = Number(process.env['LABRECORDER_SECONDS'] ?? 60)
/** A clock offset is written when it is more certain than this. */
const OFFSET_S = 0.01
interface Sent {
  readonly channels: number
  readonly rate: number
  readonly format: ChannelFormat
}

/** LabRecorder knows no int64, and its command line records only what is there at its start: the late stream has one of its own. */
const STREAMS = {
  wide: { channels: 512, rate: 250, format: 'float32' },
  restarting: { channels: 8, rate: 500, format: 'double64' },
  late: { channels: 4, rate: 1000, format: 'int16' },
  slow: { channels: 1, rate: 0.1, format: 'int8' },
  markers: { channels: 1, rate: 3, format: 'string' },
  counts: { channels: 3, rate: 100, format: 'int32' },
  whole: { channels: 2, rate: 50, format: 'int64' },
} as const satisfies Record<string, Sent>
type Name = keyof typeof STREAMS
const NAMES = Object.keys(STREAMS) as Name[]

function valueOf(format: ChannelFormat, frame: number, channel: number): number | bigint | string {
  const number = (frame * 31 + channel * 7) % 127
  if (format === 'string') return `marker ${frame} ü🧠`
  if (format === 'int64') return 2n ** 60n + BigInt(number)
  return format === 'float32' || format === 'double64' ? number / 4 : number
}

/** An outlet whose frame n has the stamp start + n / rate, restarted or not. */
class Sender {
  readonly name: Name
  readonly #type: string
  #startS = Infinity
  /** Undefined while it restarts. */
  #outlet: StreamOutlet | undefined
  sent = 0

  constructor(name: Name, type: string) {
    this.name = name
    this.#type = type
    this.#outlet = this.#open()
  }

  start(): void {
    this.#startS = localClock()
  }

  async restart(): Promise<void> {
    const outlet = this.#outlet
    this.#outlet = undefined
    await outlet?.close()
    this.#outlet = this.#open()
  }

  /** What is due. */
  send(): void {
    const { format, channels } = STREAMS[this.name]
    for (; this.timeOf(this.sent) <= localClock(); this.sent++) {
      const row = Array.from({ length: channels }, (_, channel) => valueOf(format, this.sent, channel))
      this.#outlet?.pushSample(row as number[], this.timeOf(this.sent))
    }
  }

  timeOf(frame: number): number {
    return this.#startS + frame / STREAMS[this.name].rate
  }

  async close(): Promise<void> {
    await this.#outlet?.close()
  }

  #open(): StreamOutlet {
    const { channels, rate, format } = STREAMS[this.name]
    const nominalSrate = format === 'string' ? 0 : rate
    const info = new StreamInfo({ name: this.name, type: this.#type, sourceId: `${this.#type}-${this.name}`, channelCount: channels, channelFormat: format, nominalSrate }) // prettier-ignore
    return new StreamOutlet(info)
  }
}

/** LabRecorderCLI, once it collects samples of `streams` streams. */
async function labRecorder(t: Test, file: string, predicate: string, streams: number): Promise<ChildProcess> {
  const child = spawn(program ?? '', [file, predicate], { stdio: ['pipe', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  let started = 0
  for await (const line of createInterface(child.stdout))
    if (line.startsWith('Started data collection') && ++started === streams) break
  t.equal(started, streams, 'LabRecorder has found the streams')
  child.stdout.resume()
  return child
}

async function ended(child: ChildProcess): Promise<void> {
  child.stdin?.write('\n')
  await once(child, 'exit')
}

/** The frames of a stream, by number; each must be the one that was sent at its time. */
function framesOf(t: Test, sender: Sender, { samples, times }: XdfStream): number[] {
  const { rate, format, channels } = STREAMS[sender.name]
  return Array.from(times, (time, i) => {
    const frame = Math.round((time - sender.timeOf(0)) * rate)
    // A stamp that is left out is computed, by both recorders, with the last bit of its own.
    if (Math.abs(time - sender.timeOf(frame)) > 1e-9) t.fail(`${sender.name}: ${time} was never sent`)
    for (let c = 0; c < channels; c++) {
      const value = Array.isArray(samples) ? samples[i]?.[c] : samples[i * channels + c]
      if (value !== valueOf(format, frame, c)) t.fail(`${sender.name}: frame ${frame} is ${String(value)}`)
    }
    return frame
  })
}

/** The farthest that two clock offsets of about the same time are apart, seconds. */
function farthest(ours: XdfStream, theirs: XdfStream): number {
  const nearest = (time: number): number =>
    ours.clockOffsets.reduce((a, b) => (Math.abs(b.time - time) < Math.abs(a.time - time) ? b : a)).offset
  return Math.max(...theirs.clockOffsets.map(({ time, offset }) => Math.abs(offset - nearest(time))))
}

t.test('LabRecorder beside ours records the same samples and the same clock offsets', { skip }, async t => {
  const type = uniqueName('beside')
  const folder = t.testdir()
  const senders = new Map<Name, Sender>()
  const begin = (name: Name): Sender => {
    const sender = new Sender(name, type)
    t.teardown(() => sender.close())
    senders.set(name, sender)
    return sender
  }
  for (const name of NAMES) if (name !== 'late') begin(name)
  const recorder = new XdfRecorder({ file: join(folder, 'ours.xdf'), streams: `type='${type}'` })
  t.teardown(() => recorder.stop())
  await recorder.start()
  const recorded = async (streams: number): Promise<void> => {
    while (recorder.stats.streams.length < streams) await once(recorder, 'added')
  }
  const first = await labRecorder(t, join(folder, 'theirs.xdf'), `type='${type}' and not(channel_format='int64')`, 5)
  await recorded(6)

  const startS = localClock()
  const sending = setInterval(() => senders.forEach(sender => sender.send()), 10)
  t.teardown(() => clearInterval(sending))
  for (const sender of senders.values()) sender.start()
  await sleep(SECONDS * 300)
  const late = begin('late')
  const second = await labRecorder(t, join(folder, 'late.xdf'), `name='${late.name}' and type='${type}'`, 1)
  await recorded(7)
  late.start()
  await sleep(SECONDS * 200)
  await senders.get('restarting')?.restart()
  await sleep(Math.max(0, startS + SECONDS - localClock()) * 1000)
  clearInterval(sending)
  // Neither has an event for its last sample.
  await sleep(2000)
  const { file, streams } = await recorder.stop()
  await Promise.all([ended(first), ended(second)])

  const ours = await readXdf(file, AS_RECORDED)
  const theirs = [...(await readXdf(join(folder, 'theirs.xdf'), AS_RECORDED)), ...(await readXdf(join(folder, 'late.xdf'), AS_RECORDED))] // prettier-ignore
  const offsets: number[] = []
  for (const [name, sender] of senders) {
    const [mine, other] = [ours, theirs].map(all => all.find(stream => stream.name === name))
    const all = Array.from({ length: sender.sent }, (_, frame) => frame)
    if (mine === undefined) t.fail(`${name} is not in our file`)
    else if (name === 'restarting') {
      const frames = framesOf(t, sender, mine)
      const lost = all.filter(frame => !frames.includes(frame))
      t.same(lost, all.slice(lost[0], (lost.at(-1) ?? -1) + 1), 'ours misses frames of the restart only')
      if (other === undefined) t.fail(`${name} is not in their file`)
      else {
        const frames = framesOf(t, sender, other)
        const theirLost = all.filter(frame => !frames.includes(frame))
        t.same(theirLost, all.slice(theirLost[0], (theirLost.at(-1) ?? -1) + 1), 'and so does LabRecorder')
        t.comment(
          `after the restart ours misses ${lost.length} of ${all.length} frames, LabRecorder ${theirLost.length}`,
        )
      }
    } else {
      t.same(framesOf(t, sender, mine), all, `${name}: all ${all.length} frames are in our file`)
      if (other !== undefined) t.same(framesOf(t, sender, other), all, `${name}: and in theirs`)
      else t.equal(name, 'whole', 'only int64 is unknown to LabRecorder')
    }
    if (mine !== undefined && other !== undefined) offsets.push(farthest(mine, other))
  }
  t.equal(streams.length, NAMES.length, 'the stream that restarted went on as itself')
  t.ok(Math.max(...offsets) < OFFSET_S, 'clock offsets agree')
  t.comment(`clock offsets are at most ${(Math.max(...offsets) * 1e6).toFixed(0)} us apart`)
})
