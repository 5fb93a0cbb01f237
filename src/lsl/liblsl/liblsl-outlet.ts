import type { NumericFormat, SampleArray } from '../../channel-format.js'
import { DareplaneError } from '../../errors.js'
import type { EngineOutlet, OutletOptions } from '../engine.js'
import { outletSeconds } from '../queue-sizes.js'
import type { StreamInfo } from '../stream-info.js'
import { takeInfo, withNativeInfo } from './info-handle.js'
import { koffi } from '../../system/koffi.js'
import type { Library } from './library.js'
import { LETTERS } from './numeric-pull.js'
import type { Handle } from './prototypes.js'

/** As a stamp: the one before plus one period. */
const DEDUCED = -1

/** An outlet of the C library. */
export class LiblslOutlet implements EngineOutlet {
  readonly info: StreamInfo
  readonly #library: Library
  readonly #outlet: Handle
  #closing: Promise<void> | undefined

  constructor(library: Library, info: StreamInfo, options: OutletOptions) {
    this.#library = library
    this.#outlet = withNativeInfo(library, info, handle => {
      const seconds = outletSeconds(options.maxBufferedS, info.nominalSrate)
      const outlet = library.fn('lsl_create_outlet')(handle, options.chunkSize, seconds)
      if (outlet === null) throw new DareplaneError('ERR_LIBLSL', `liblsl makes no outlet for ${info.toString()}`)
      return outlet
    })
    const announced = library.fn('lsl_get_info')(this.#outlet)
    if (announced === null) throw new DareplaneError('ERR_LIBLSL', `liblsl does not describe ${info.toString()}`)
    this.info = takeInfo(library, announced)
  }

  push(data: SampleArray, frames: number, stamps: number | Float64Array, flush: boolean): void {
    this.#refuseClosed()
    const { channelFormat, channelCount } = this.info
    const letter = LETTERS[channelFormat as NumericFormat]
    const values = frames * channelCount
    // Of one stamp liblsl subtracts the time of the samples before the last, and -1 would no longer say "deduced".
    if (stamps === DEDUCED) stamps = new Float64Array(frames).fill(DEDUCED)
    const code =
      typeof stamps === 'number'
        ? this.#library.fn(`lsl_push_chunk_${letter}tp`)(this.#outlet, data, values, stamps, flush ? 1 : 0)
        : this.#library.fn(`lsl_push_chunk_${letter}tnp`)(this.#outlet, data, values, stamps, flush ? 1 : 0)
    this.#check(code)
  }

  pushStrings(row: readonly string[], stamp: number, flush: boolean): void {
    this.#refuseClosed()
    // koffi has no array of buffers, so the row is one block of bytes and each channel an address in it. Each text is turned into
    // bytes alone: two halves of a character in neighbouring channels are not one.
    const parts = row.map(text => Buffer.from(text))
    const bytes = Buffer.concat([...parts, Buffer.alloc(1)])
    const start = koffi().address(bytes)
    const texts = new BigUint64Array(row.length)
    const lengths = new Uint32Array(row.length)
    let offset = 0
    parts.forEach(({ byteLength }, channel) => {
      texts[channel] = start + BigInt(offset)
      offset += lengths[channel] = byteLength
    })
    this.#check(this.#library.fn('lsl_push_sample_buftp')(this.#outlet, texts, lengths, stamp, flush ? 1 : 0))
  }

  get haveConsumers(): boolean {
    return this.#closing === undefined && this.#library.fn('lsl_have_consumers')(this.#outlet) !== 0
  }

  get dropped(): undefined {
    return undefined
  }

  close(): Promise<void> {
    this.#closing ??= this.#library.call('lsl_destroy_outlet', this.#outlet)
    return this.#closing
  }

  #refuseClosed(): void {
    if (this.#closing !== undefined) throw new DareplaneError('ERR_CLOSED', 'the outlet is closed')
  }

  #check(code: number): void {
    if (code !== 0) throw new DareplaneError('ERR_LIBLSL', `liblsl reports error ${code} on ${this.info.toString()}`)
  }
}
