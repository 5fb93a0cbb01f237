import { bytesPerValue } from '../../../channel-format.js'
import type { NumericFormat } from '../../../channel-format.js'
import type { FrameBuffer } from '../../../lsl/frame-buffer.js'
import type { FrameSink, NumericSink, StringSink, TimeCorrection } from '../../../lsl/engine.js'

/*
 * What the process of an engine writes on its pipe: blocks of frames. What stands below is little-endian, samples and stamps of numbers
 * are as this machine keeps them.
 *
 *   0  uint32  bytes after the header        16  float64  clock offset, s (NaN: unknown yet)
 *   4  uint32  frames; END_OF_STREAM: none   24  float64  its uncertainty, s
 *   8  uint32  frames that wait in the engine
 *
 * Numbers: all samples, then all stamps. Strings: for each frame its stamp, then each channel as a uint32 length and UTF-8.
 * After END_OF_STREAM stands the reason as JSON.
 */
export const HEADER_BYTES = 32
export const END_OF_STREAM = 0xffffffff

export interface BlockHeader {
  readonly bytes: number
  readonly frames: number
  readonly available: number
  readonly correction: TimeCorrection | undefined
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

/** A block with room for `header.bytes` after its header. */
export function allocateBlock({ bytes, frames, available, correction }: BlockHeader): Buffer {
  const block = Buffer.allocUnsafe(HEADER_BYTES + bytes)
  const view = viewOf(block)
  view.setUint32(0, bytes, true)
  view.setUint32(4, frames, true)
  view.setUint32(8, available, true)
  view.setFloat64(16, correction?.offsetS ?? NaN, true)
  view.setFloat64(24, correction?.uncertaintyS ?? NaN, true)
  return block
}

/** The header that `bytes` begins with. */
export function readHeader(bytes: Uint8Array): BlockHeader {
  const view = viewOf(bytes)
  const offsetS = view.getFloat64(16, true)
  return {
    bytes: view.getUint32(0, true),
    frames: view.getUint32(4, true),
    available: view.getUint32(8, true),
    correction: Number.isNaN(offsetS) ? undefined : { offsetS, uncertaintyS: view.getFloat64(24, true) },
  }
}

type Header = Omit<BlockHeader, 'bytes'>

/** A block of the first frames of `buffer`. */
export function numericBlock(header: Header, buffer: FrameBuffer): Buffer {
  const { samples, times, channels } = buffer
  const sampleBytes = header.frames * channels * samples.BYTES_PER_ELEMENT
  const timeBytes = header.frames * times.BYTES_PER_ELEMENT
  const block = allocateBlock({ ...header, bytes: sampleBytes + timeBytes })
  block.set(new Uint8Array(samples.buffer, 0, sampleBytes), HEADER_BYTES)
  block.set(new Uint8Array(times.buffer, 0, timeBytes), HEADER_BYTES + sampleBytes)
  return block
}

/** Builds the block of the string frames that are pulled into it. */
export class StringBlock implements StringSink {
  readonly channels: number
  readonly maxChunk: number
  #row: Buffer[] = []
  #parts: Buffer[] = []

  constructor(channels: number, frames: number) {
    this.channels = channels
    this.maxChunk = frames
  }

  put(channel: number, text: Uint8Array): void {
    // The memory of `text` is the engine's, and freed at once.
    this.#row[channel] = Buffer.from(text)
  }

  endFrame(time: number): void {
    const stamp = Buffer.allocUnsafe(8)
    viewOf(stamp).setFloat64(0, time, true)
    this.#parts.push(stamp)
    for (let channel = 0; channel < this.channels; channel++) {
      const text = this.#row[channel] ?? Buffer.alloc(0)
      const length = Buffer.allocUnsafe(4)
      viewOf(length).setUint32(0, text.length, true)
      this.#parts.push(length, text)
    }
    this.#row = []
  }

  publish(): void {
    // take() is called after each pull.
  }

  take(header: Header): Buffer {
    const bytes = this.#parts.reduce((sum, part) => sum + part.length, 0)
    const block = Buffer.concat([allocateBlock({ ...header, bytes: 0 }), ...this.#parts])
    viewOf(block).setUint32(0, bytes, true)
    this.#parts = []
    return block
  }
}

/** Frames of a block that were not moved on yet. */
export interface Remainder {
  readonly frames: number
  /** Moves the next `frames` of them into `sink`, and publishes them. */
  moveTo(sink: FrameSink, frames: number): void
}

/** The frames of a numeric block without its header. */
export function numericFrames(payload: Buffer, frames: number, format: NumericFormat, channels: number): Remainder {
  const frameBytes = channels * bytesPerValue(format)
  let from = 0
  const copy = (target: ArrayBufferView, at: number, start: number, bytes: number): void =>
    new Uint8Array(target.buffer, target.byteOffset + at, bytes).set(payload.subarray(start, start + bytes))
  return {
    get frames() {
      return frames - from
    },
    moveTo(sink, count) {
      const { samples, times } = sink as NumericSink
      const slot = (sink as NumericSink).position()
      copy(samples, slot * frameBytes, from * frameBytes, count * frameBytes)
      copy(times, slot * 8, frames * frameBytes + from * 8, count * 8)
      from += count
      ;(sink as NumericSink).publish(count)
    },
  }
}

/** The frames of a string block without its header. */
export function stringFrames(payload: Buffer, frames: number): Remainder {
  const view = viewOf(payload)
  let left = frames
  let at = 0
  return {
    get frames() {
      return left
    },
    moveTo(sink, count) {
      const { channels } = sink
      const strings = sink as StringSink
      for (let frame = 0; frame < count; frame++) {
        const time = view.getFloat64(at, true)
        at += 8
        for (let channel = 0; channel < channels; channel++) {
          const length = view.getUint32(at, true)
          strings.put(channel, payload.subarray(at + 4, at + 4 + length))
          at += 4 + length
        }
        strings.endFrame(time)
      }
      left -= count
      strings.publish()
    },
  }
}
