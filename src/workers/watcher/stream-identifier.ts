import { abortSignal, nonEmpty, options, orNull, seconds } from '../../check.js'

/** Which stream to connect to. All that is given must hold. */
export interface StreamIdentifier {
  /** Default: the watcher's own name. null for a stream of any name. */
  readonly name?: string | null
  readonly type?: string
  readonly sourceId?: string
  /** XPath 1.0 on the stream's description, such as "channel_count>8". */
  readonly predicate?: string
}

/** Which stream to connect to, and how long to look for it. */
export interface ConnectOptions extends StreamIdentifier {
  /** Seconds until connecting fails, default 5; Infinity looks for the stream until it is there. */
  readonly timeoutS?: number
  /** Gives up when it is aborted: connecting then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

export const connectOptions = options<ConnectOptions>(
  'connectToStream',
  "connectToStream({ name: 'EEG', timeoutS: 10 })",
  {
    name: orNull(nonEmpty),
    type: nonEmpty,
    sourceId: nonEmpty,
    predicate: nonEmpty,
    timeoutS: seconds({ forever: true }),
    signal: abortSignal,
  },
)
