/**
 * Every C function that is used, by name: the only place where the C side's types stand. Buffers that native code fills
 * are passed as addresses (`uintptr_t`), handles as `void *` (a bigint, or null).
 */

/** An opaque C handle. */
export type Handle = bigint

/** The address of memory that stays where it is: a shared slab, or an array its owner keeps. */
export type Address = number

type PullSample = (inlet: Handle, buffer: Address, values: number, timeoutS: number, ec: Address) => number
type PullChunk = (
  inlet: Handle,
  data: Address,
  stamps: Address,
  values: number,
  stampCount: number,
  timeoutS: number,
  ec: Address,
) => number
type PushChunk = (outlet: Handle, data: NodeJS.TypedArray, values: number, stamp: number, flush: number) => number
type PushChunkStamps = (
  outlet: Handle,
  data: NodeJS.TypedArray,
  values: number,
  stamps: Float64Array,
  flush: number,
) => number

/** The letters of the numeric formats in the names of the C functions. */
export type NumericLetter = 'f' | 'd' | 'l' | 'i' | 's' | 'c'
const NUMERIC_LETTERS: readonly NumericLetter[] = ['f', 'd', 'l', 'i', 's', 'c']

type Numeric<Name extends string, Signature> = Readonly<Record<`${Name}_${NumericLetter}`, Signature>>

export type LslFunctions = {
  readonly lsl_library_version: () => number
  readonly lsl_library_info: () => string
  readonly lsl_local_clock: () => number
  readonly lsl_streaminfo_from_xml: (xml: string) => Handle | null
  readonly lsl_copy_streaminfo: (info: Handle) => Handle | null
  readonly lsl_destroy_streaminfo: (info: Handle) => void
  readonly lsl_get_xml: (info: Handle) => string
  readonly lsl_create_continuous_resolver_bypred: (predicate: string, forgetAfterS: number) => Handle | null
  readonly lsl_create_continuous_resolver: (forgetAfterS: number) => Handle | null
  readonly lsl_resolver_results: (resolver: Handle, results: BigUint64Array, room: number) => number
  readonly lsl_destroy_continuous_resolver: (resolver: Handle) => void
  readonly lsl_create_inlet: (info: Handle, bufferS: number, chunk: number, recover: number) => Handle | null
  readonly lsl_create_inlet_ex: (
    info: Handle,
    buffer: number,
    chunk: number,
    recover: number,
    flags: number,
  ) => Handle | null
  readonly lsl_destroy_inlet: (inlet: Handle) => void
  readonly lsl_open_stream: (inlet: Handle, timeoutS: number, ec: Address) => void
  readonly lsl_get_fullinfo: (inlet: Handle, timeoutS: number, ec: Address) => Handle | null
  readonly lsl_time_correction: (inlet: Handle, timeoutS: number, ec: Address) => number
  readonly lsl_time_correction_ex: (
    inlet: Handle,
    remoteTime: Address,
    uncertainty: Address,
    timeoutS: number,
    ec: Address,
  ) => number
  readonly lsl_set_postprocessing: (inlet: Handle, flags: number) => number
  readonly lsl_smoothing_halftime: (inlet: Handle, seconds: number) => number
  readonly lsl_was_clock_reset: (inlet: Handle) => number
  readonly lsl_samples_available: (inlet: Handle) => number
  readonly lsl_inlet_flush: (inlet: Handle) => number
  readonly lsl_pull_sample_buf: (
    inlet: Handle,
    texts: Address,
    lengths: Address,
    values: number,
    timeoutS: number,
    ec: Address,
  ) => number
  readonly lsl_destroy_string: (text: Handle) => void
  readonly lsl_create_outlet: (info: Handle, chunk: number, bufferS: number) => Handle | null
  readonly lsl_destroy_outlet: (outlet: Handle) => void
  readonly lsl_get_info: (outlet: Handle) => Handle | null
  readonly lsl_have_consumers: (outlet: Handle) => number
  readonly lsl_push_sample_buftp: (
    outlet: Handle,
    texts: BigUint64Array,
    lengths: Uint32Array,
    stamp: number,
    flush: number,
  ) => number
} & Numeric<'lsl_pull_sample', PullSample> &
  Numeric<'lsl_pull_chunk', PullChunk> &
  Readonly<Record<`lsl_push_chunk_${NumericLetter}tp`, PushChunk>> &
  Readonly<Record<`lsl_push_chunk_${NumericLetter}tnp`, PushChunkStamps>>

const FIXED = {
  lsl_library_version: 'int32 lsl_library_version()',
  lsl_library_info: 'str lsl_library_info()',
  lsl_local_clock: 'double lsl_local_clock()',
  lsl_streaminfo_from_xml: 'void *lsl_streaminfo_from_xml(str xml)',
  lsl_copy_streaminfo: 'void *lsl_copy_streaminfo(void *info)',
  lsl_destroy_streaminfo: 'void lsl_destroy_streaminfo(void *info)',
  lsl_get_xml: 'LslString lsl_get_xml(void *info)',
  lsl_create_continuous_resolver_bypred: 'void *lsl_create_continuous_resolver_bypred(str pred, double forget_after)',
  lsl_create_continuous_resolver: 'void *lsl_create_continuous_resolver(double forget_after)',
  lsl_resolver_results: 'int32 lsl_resolver_results(void *resolver, void *buffer, uint32 elements)',
  lsl_destroy_continuous_resolver: 'void lsl_destroy_continuous_resolver(void *resolver)',
  lsl_create_inlet: 'void *lsl_create_inlet(void *info, int32 max_buflen, int32 max_chunklen, int32 recover)',
  lsl_create_inlet_ex:
    'void *lsl_create_inlet_ex(void *info, int32 max_buflen, int32 max_chunklen, int32 recover, int32 flags)',
  lsl_destroy_inlet: 'void lsl_destroy_inlet(void *inlet)',
  lsl_open_stream: 'void lsl_open_stream(void *inlet, double timeout, uintptr_t ec)',
  lsl_get_fullinfo: 'void *lsl_get_fullinfo(void *inlet, double timeout, uintptr_t ec)',
  lsl_time_correction: 'double lsl_time_correction(void *inlet, double timeout, uintptr_t ec)',
  lsl_time_correction_ex:
    'double lsl_time_correction_ex(void *inlet, uintptr_t remote_time, uintptr_t uncertainty, double timeout, uintptr_t ec)',
  lsl_set_postprocessing: 'int32 lsl_set_postprocessing(void *inlet, uint32 flags)',
  lsl_smoothing_halftime: 'int32 lsl_smoothing_halftime(void *inlet, float value)',
  lsl_was_clock_reset: 'uint32 lsl_was_clock_reset(void *inlet)',
  lsl_samples_available: 'uint32 lsl_samples_available(void *inlet)',
  lsl_inlet_flush: 'uint32 lsl_inlet_flush(void *inlet)',
  lsl_pull_sample_buf:
    'double lsl_pull_sample_buf(void *inlet, uintptr_t buffer, uintptr_t lengths, int32 elements, double timeout, uintptr_t ec)',
  lsl_destroy_string: 'void lsl_destroy_string(void *text)',
  lsl_create_outlet: 'void *lsl_create_outlet(void *info, int32 chunk_size, int32 max_buffered)',
  lsl_destroy_outlet: 'void lsl_destroy_outlet(void *outlet)',
  lsl_get_info: 'void *lsl_get_info(void *outlet)',
  lsl_have_consumers: 'int32 lsl_have_consumers(void *outlet)',
  lsl_push_sample_buftp:
    'int32 lsl_push_sample_buftp(void *outlet, void *data, void *lengths, double timestamp, int32 pushthrough)',
} as const

function prototypesOf(letter: NumericLetter): [string, string][] {
  const pull = `lsl_pull_sample_${letter}`
  const chunk = `lsl_pull_chunk_${letter}`
  const push = `lsl_push_chunk_${letter}tp`
  const pushStamps = `lsl_push_chunk_${letter}tnp`
  return [
    [pull, `double ${pull}(void *inlet, uintptr_t buffer, int32 elements, double timeout, uintptr_t ec)`],
    [
      chunk,
      `unsigned long ${chunk}(void *inlet, uintptr_t data, uintptr_t stamps, unsigned long elements, unsigned long stamp_elements, double timeout, uintptr_t ec)`,
    ],
    [push, `int32 ${push}(void *outlet, void *data, unsigned long elements, double stamp, int32 pushthrough)`],
    [
      pushStamps,
      `int32 ${pushStamps}(void *outlet, void *data, unsigned long elements, void *stamps, int32 pushthrough)`,
    ],
  ]
}

/** C prototype by function name. */
export const PROTOTYPES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(FIXED),
  ...NUMERIC_LETTERS.flatMap(prototypesOf),
])
