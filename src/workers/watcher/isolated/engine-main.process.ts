// The process of an isolated engine: one inlet at most, whose frames go to the parent by a pipe. Ends with its parent.
import { once } from 'node:events'
import { Socket } from 'node:net'
import { expose } from 'comlink'
import { DareplaneError } from '../../../errors.js'
import { chooseEngine } from '../../../lsl/choose-engine.js'
import type { Engine, EngineInlet } from '../../../lsl/engine.js'
import { FrameBuffer } from '../../../lsl/frame-buffer.js'
import { pullWithin } from '../../../lsl/pull-waiter.js'
import { until } from '../../../system/until.js'
import { StreamInfo } from '../../../lsl/stream-info.js'
import { comlinkPort } from '../../comlink-port.js'
import { allocateBlock, END_OF_STREAM, HEADER_BYTES, numericBlock, StringBlock } from './frame-block.js'
import { BLOCKS_FD } from './engine-api.js'
import type { EngineApi } from './engine-api.js'

const CHUNK = 256
const WAIT_MS = 50
const CORRECTION_EVERY_MS = 1000

const pipe = new Socket({ fd: BLOCKS_FD, readable: false, writable: true })
let engine: Engine | undefined
let stream: StreamInfo | undefined
let inlet: EngineInlet | undefined
let clockSync = false

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new DareplaneError('ERR_NOT_CONNECTED', 'start() and create() come first')
  return value
}

async function send(block: Buffer): Promise<void> {
  if (!pipe.write(block)) await once(pipe, 'drain')
}

async function pump(from: EngineInlet, { channelFormat, channelCount }: StreamInfo): Promise<void> {
  const sink =
    channelFormat === 'string'
      ? new StringBlock(channelCount, CHUNK)
      : new FrameBuffer(channelFormat, channelCount, CHUNK)
  let correction = from.timeCorrection()
  let correctionDue = 0
  // liblsl's clock sync stalls the first pull until it has an offset.
  if (clockSync) await until(() => (correction = from.timeCorrection()) !== undefined, { everyMs: 10 })
  for (;;) {
    // Asked before the pull, which makes room.
    const available = from.samplesAvailable()
    const frames = await pullWithin(from, sink, WAIT_MS)
    if (correction === undefined || performance.now() >= correctionDue) {
      correction = from.timeCorrection()
      correctionDue = performance.now() + CORRECTION_EVERY_MS
    }
    const header = { frames, available, correction }
    await send(sink instanceof StringBlock ? sink.take(header) : numericBlock(header, sink))
    await new Promise(setImmediate)
  }
}

async function pumpToEnd(from: EngineInlet, info: StreamInfo): Promise<void> {
  try {
    await pump(from, info)
  } catch (error) {
    const reason = Buffer.from(JSON.stringify({ message: (error as Error).message }))
    const block = allocateBlock({ bytes: reason.length, frames: END_OF_STREAM, available: 0, correction: undefined })
    block.set(reason, HEADER_BYTES)
    await send(block)
  }
}

const api: EngineApi = {
  start(options) {
    engine = chooseEngine(options)
    const { name, version, location } = engine
    return { name, version, location }
  },
  async resolve(predicate, limits) {
    const found = await need(engine).resolve(predicate, limits)
    return found.map(({ fields }) => fields)
  },
  async create(fields, options) {
    stream = new StreamInfo(fields)
    clockSync = options.processing.clockSync === true
    inlet = await need(engine).createInlet(stream, options)
  },
  async open(timeoutS) {
    const opened = need(inlet)
    await opened.open(timeoutS)
    void pumpToEnd(opened, need(stream))
  },
  async fullInfo(timeoutS) {
    return (await need(inlet).fullInfo(timeoutS)).fields
  },
}

expose(
  api,
  comlinkPort({
    postMessage: message => process.send?.(message),
    on: (event, listener) => process.on(event, listener),
    off: (event, listener) => process.off(event, listener),
  }),
)
// Whatever becomes of the parent, nothing of it stays here. A library at work is not asked: its way out can take seconds.
const end = (): boolean => process.kill(process.pid, 'SIGKILL')
process.on('disconnect', end)
pipe.on('error', end)
