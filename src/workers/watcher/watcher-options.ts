import type { Logger } from 'pino'
import { logger, nonEmpty, oneOf, options, required, seconds, shown, whole } from '../../check.js'
import { ENGINE_CHECKS } from '../../lsl/choose-engine.js'
import type { EngineName } from '../../lsl/choose-engine.js'
import { PROCESSING } from '../../lsl/engine.js'
import type { RingHandle } from '../../ring/allocate-ring.js'
import type { Processing } from '../../lsl/engine.js'

const ISOLATIONS = ['thread', 'process'] as const
/** Where native code runs: in a thread of this process, or in a process of its own. */
export type Isolation = (typeof ISOLATIONS)[number]

const THREADS = ['own', 'shared'] as const
/** Whether a watcher has a thread of its own, or shares one with others. */
export type ThreadUse = (typeof THREADS)[number]
export const threadUse = oneOf(...THREADS)

const AMBIGUITIES = ['wait', 'newest'] as const
/** What to do when several streams could be a lost one: wait until one is left, or take the newest. */
export type Ambiguity = (typeof AMBIGUITIES)[number]

/** Which stream a {@link StreamWatcher} receives, how much of it is kept, and how. */
export interface StreamWatcherOptions {
  /** Name of the stream, as in the Python StreamWatcher. */
  readonly name: string
  /** Window in seconds at nominal rate. Default 2. An irregular stream keeps 1000 samples. */
  readonly bufferSizeS?: number
  /** Window in samples; goes before bufferSizeS. */
  readonly bufferSamples?: number
  /** How long a borrowed window stays untouched, seconds at nominal rate. Default: one window. */
  readonly holdS?: number
  /** Default 'auto': liblsl where it is found. */
  readonly engine?: EngineName
  /** File or folder of the C library; goes before the environment. */
  readonly library?: string
  /**
   * Where the engine runs. Default 'thread': in this process, which a crash of native code takes with it. 'process': in one of
   * its own, and a crash is a stream lost and found again; docs/threads.md says what it costs.
   */
  readonly isolation?: Isolation
  /**
   * The thread that receives the stream: its own, or one for several streams, which takes less memory and fewer wake-ups. Only the
   * builtin engine can share, and not in a process of its own. Default: what DAREPLANE_THREAD says, else its own while there are cores
   * for it, then shared; docs/threads.md says how many.
   */
  readonly thread?: ThreadUse
  /**
   * What happens when several streams could be the lost one. Default 'wait': none is taken until one is left, as liblsl does, and
   * the event `ambiguous` tells it. 'newest': the outlet that was made last.
   */
  readonly ambiguous?: Ambiguity
  /** LSL post-processing of the stamps. Default none. */
  readonly processing?: Processing
  /** Told of every event, with fields. Default: nobody. */
  readonly logger?: Logger
}

const DEFAULT_BUFFER_S = 2

const checked = options<StreamWatcherOptions>('StreamWatcher', "new StreamWatcher({ name: 'EEG', bufferSizeS: 2 })", {
  name: required(nonEmpty),
  bufferSizeS: seconds({ above: 0 }),
  bufferSamples: whole({ from: 1 }),
  holdS: seconds({ from: 0 }),
  ...ENGINE_CHECKS,
  isolation: oneOf(...ISOLATIONS),
  thread: threadUse,
  ambiguous: oneOf(...AMBIGUITIES),
  processing: PROCESSING,
  logger,
})

/** The options with the defaults that do not depend on the stream. Throws TypeError or RangeError naming the option. */
export function watcherOptions(given: StreamWatcherOptions): StreamWatcherOptions & {
  readonly bufferSizeS: number
  readonly processing: Processing
} {
  const { bufferSizeS = DEFAULT_BUFFER_S, processing = {}, ...others } = checked(given)
  checkSharing(others)
  return { ...others, bufferSizeS, processing }
}

/** What can be seen before it connects; the engine may be known only then. */
function checkSharing({ thread, engine, library, isolation }: Omit<StreamWatcherOptions, 'name'>): void {
  if (thread !== 'shared') return
  const others = {
    isolation: isolation === 'process',
    engine: engine === 'liblsl',
    library: library !== undefined && engine !== 'builtin',
  }
  const [name] = Object.entries(others).find(([, keepsItsOwn]) => keepsItsOwn) ?? []
  if (name === undefined) return
  const value = { isolation, engine, library }[name as keyof typeof others]
  throw new RangeError(
    `thread must be 'own' or left out with ${name} ${shown(value)}: only the builtin engine in this process shares a thread`,
  )
}

/** A window of more seconds than that is more often a number of milliseconds than meant. */
const LONG_BUFFER_S = 120

/** What is to be said of a window that is longer than anybody looks at; undefined of any other. */
export function sizeWarning(bufferSizeS: number, { control, data, times }: RingHandle): string | undefined {
  if (bufferSizeS <= LONG_BUFFER_S) return undefined
  const megabytes = ((control.byteLength + data.byteLength + times.byteLength) / 1e6).toFixed(1)
  return `bufferSizeS is ${bufferSizeS} seconds, ${megabytes} MB of memory. For ${bufferSizeS} ms say ${bufferSizeS / 1000}`
}
