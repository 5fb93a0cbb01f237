import type { Logger } from 'pino'
import * as check from '../check.js'
import { ENGINE_NAMES } from '../lsl/choose-engine.js'
import type { EngineName, EngineOptions } from '../lsl/choose-engine.js'
import type { RecordedIdentifier, RecordedSelection } from './selection.js'

/** Which streams are recorded, into which file, and how safely. */
export interface XdfRecorderOptions {
  /** The file to make. One that is there is not overwritten. */
  readonly file: string
  /** Which streams: 'all' (the default), an XPath 1.0 predicate, or a list of name, type and sourceId. */
  readonly streams?: RecordedSelection
  /** Seconds after which data are on the disk at the latest. Default 1. */
  readonly flushS?: number
  /** Seconds between two clock offsets of a stream. Default 5. */
  readonly offsetsEveryS?: number
  /** Seconds that the disk may hang before samples are lost. Default 8. */
  readonly holdS?: number
  /** Seconds that stop() waits for a disk that hangs or is full. Default 5. */
  readonly stopWithinS?: number
  /** Default 'auto': liblsl where it is found. */
  readonly engine?: EngineName
  /** File or folder of the C library; goes before the environment. */
  readonly library?: string
  /** Told of every event, with fields. Default: nobody. */
  readonly logger?: Logger
}

const selection = check.mustBe(
  "'all', an XPath predicate, or a list of { name, type, sourceId }",
  (value): value is RecordedSelection => typeof value === 'string' || Array.isArray(value),
)
const identifier = check.fields<RecordedIdentifier>({ name: check.text, type: check.text, sourceId: check.text })
const identifiers = check.list(identifier)

const given = check.options<XdfRecorderOptions>('XdfRecorder', "new XdfRecorder({ file: 'run-1.xdf' })", {
  file: check.required(check.nonEmpty),
  streams: (name, value) => (Array.isArray(value) ? identifiers : selection)(name, value, 'XdfRecorder'),
  flushS: check.seconds({ from: 0.05, to: 10 }),
  offsetsEveryS: check.seconds({ above: 0 }),
  holdS: check.seconds({ above: 0, to: 600 }),
  stopWithinS: check.seconds({ from: 0, to: 3600 }),
  engine: check.oneOf(...ENGINE_NAMES),
  library: check.nonEmpty,
  logger: check.logger,
})

/** The options with their defaults. Throws TypeError or RangeError naming the option. */
export function recorderOptions(options: XdfRecorderOptions): Required<
  Omit<XdfRecorderOptions, 'engine' | 'library' | 'logger'>
> & {
  readonly logger: Logger | undefined
  readonly engineOptions: EngineOptions
} {
  const { engine, library, logger, ...rest } = given(options)
  return {
    streams: 'all',
    flushS: 1,
    offsetsEveryS: 5,
    holdS: 8,
    stopWithinS: 5,
    ...rest,
    logger,
    engineOptions: { ...(engine !== undefined && { engine }), ...(library !== undefined && { library }) },
  }
}
