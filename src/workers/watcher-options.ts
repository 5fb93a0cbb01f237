import type { Logger } from 'pino'
import { checkEngineName } from '../lsl/choose-engine.js'
import type { EngineName } from '../lsl/choose-engine.js'
import type { Processing } from '../lsl/engine.js'

const ISOLATIONS = ['thread', 'process'] as const
export type Isolation = (typeof ISOLATIONS)[number]

export interface StreamWatcherOptions {
  /** Name of the stream, as in the Python StreamWatcher. */
  readonly name: string
  /** Window in seconds at nominal rate. Default 2. An irregular stream keeps 1000 frames. */
  readonly bufferSizeS?: number
  /** Window in frames; goes before bufferSizeS. */
  readonly bufferSamples?: number
  /** How long a borrowed window stays untouched, seconds at nominal rate. Default: one window. */
  readonly holdS?: number
  /** Default 'auto': liblsl where it is found. */
  readonly engine?: EngineName
  /** File or folder of the C library; goes before the environment. */
  readonly library?: string
  /**
   * Where the engine runs. Default 'thread': in this process, which a crash of native code takes with it. 'process': in one of
   * its own, and a crash is a stream lost and found again; every frame is copied once more, and arrives about 0.1 ms later.
   */
  readonly isolation?: Isolation
  /** LSL post-processing of the stamps. Default none. */
  readonly processing?: Processing
  /** Told of every event, with fields. Default: nobody. */
  readonly logger?: Logger
}

const DEFAULT_BUFFER_S = 2

/** The options with the defaults that do not depend on the stream. Throws TypeError or RangeError naming the option. */
export function watcherOptions(options: StreamWatcherOptions): StreamWatcherOptions & {
  readonly bufferSizeS: number
  readonly processing: Processing
} {
  const { name, bufferSizeS = DEFAULT_BUFFER_S, bufferSamples, holdS, processing = {} } = options
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`name must be a non-empty string, not ${JSON.stringify(name)}`)
  if (!(bufferSizeS > 0) || !Number.isFinite(bufferSizeS))
    throw new RangeError(`bufferSizeS must be seconds above 0, not ${String(bufferSizeS)}`)
  if (bufferSamples !== undefined && !(Number.isInteger(bufferSamples) && bufferSamples > 0))
    throw new RangeError(`bufferSamples must be a whole number of frames above 0, not ${String(bufferSamples)}`)
  if (holdS !== undefined && !(holdS >= 0 && Number.isFinite(holdS)))
    throw new RangeError(`holdS must be seconds of at least 0, not ${String(holdS)}`)
  if (options.isolation !== undefined && !ISOLATIONS.includes(options.isolation))
    throw new RangeError(`isolation must be one of ${ISOLATIONS.join(', ')}, not ${JSON.stringify(options.isolation)}`)
  checkEngineName(options.engine)
  return { ...options, bufferSizeS, processing }
}
