/** The value formats of LSL channels, named as in the stream's XML. */
export const CHANNEL_FORMATS = ['float32', 'double64', 'int8', 'int16', 'int32', 'int64', 'string'] as const
/** How the values of a stream are stored. Every channel of a stream has the same format. */
export type ChannelFormat = (typeof CHANNEL_FORMATS)[number]
export type NumericFormat = Exclude<ChannelFormat, 'string'>

/** Samples of a numeric stream: frames x channels, row-major, oldest frame first. */
export type SampleArray = NumericArray | BigInt64Array

/** Samples whose values are numbers: of every format but int64 and string. */
export type NumericArray = Float32Array | Float64Array | Int8Array | Int16Array | Int32Array

interface SampleArrayConstructor {
  readonly BYTES_PER_ELEMENT: number
  new (length: number): SampleArray
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): SampleArray
}

const ARRAYS: Readonly<Record<NumericFormat, SampleArrayConstructor>> = {
  float32: Float32Array,
  double64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
}

const FORMATS = new Map<unknown, NumericFormat>(
  (Object.keys(ARRAYS) as NumericFormat[]).map(format => [new ARRAYS[format](0)[Symbol.toStringTag], format]),
)
/** What a typed array really is, whatever its constructor and prototype say; undefined of anything else. */
const { get: typeOf } = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Int8Array.prototype) as object,
  Symbol.toStringTag,
) as { readonly get: (this: unknown) => string | undefined }

/** Bytes of one value of a numeric format. */
export function bytesPerValue(format: NumericFormat): number {
  return ARRAYS[format].BYTES_PER_ELEMENT
}

/** A typed array of `format` over `buffer`: all of it, or `length` values from `byteOffset`. */
export function samplesOver(
  format: NumericFormat,
  buffer: ArrayBufferLike,
  byteOffset = 0,
  length?: number,
): SampleArray {
  return new ARRAYS[format](buffer, byteOffset, length)
}

/** A new typed array of `length` zeros, not shared. */
export function allocateSamples(format: NumericFormat, length: number): SampleArray {
  return new ARRAYS[format](length)
}

/** The format of a typed array, undefined of anything else. */
export function formatOf(value: unknown): NumericFormat | undefined {
  return FORMATS.get(typeOf.call(value))
}

/** The format that `word` names ('float64', as NumPy and mne-lsl say, is 'double64'), or undefined. */
export function channelFormatOf(word: string): ChannelFormat | undefined {
  return word === 'float64' ? 'double64' : CHANNEL_FORMATS.find(format => format === word)
}
