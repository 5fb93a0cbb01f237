import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DareplaneError } from '../errors.js'
import { resolveStreams } from '../lsl/resolve.js'
import type { StreamInfo } from '../lsl/stream-info.js'
import { recordingFile } from './file-name.js'
import type { FileNameFields } from './file-name.js'
import type { XdfRecorderOptions } from './recorder-options.js'
import type { RecordingSummary } from './recording-summary.js'
import { XdfRecorder } from './xdf-recorder.js'

const LOOK_S = 1

/** Where the next recording goes. */
export interface RecordingPlace {
  readonly folder: string
  /** Name of the file, with placeholders: see {@link recordingFile}. */
  readonly template: string
  readonly fields: FileNameFields
}

/** One recording after the other, as somebody far away asks for them: each answer comes when what was asked for is done. */
export class RecordingDesk implements AsyncDisposable {
  place: RecordingPlace
  /** Whether the next recording takes all streams, or none. */
  isSelected = true
  readonly #options: Omit<XdfRecorderOptions, 'file'>
  readonly #began: (recorder: XdfRecorder) => void
  #recorder: XdfRecorder | undefined
  /** A recording is about to begin: there can be no other, and who stops waits until it can be stopped. */
  #starting: Promise<string> | undefined

  /** `began` hears of every recording that begins. */
  constructor(
    place: RecordingPlace,
    options: Omit<XdfRecorderOptions, 'file'> = {},
    began: (recorder: XdfRecorder) => void = () => undefined,
  ) {
    this.place = place
    this.#options = options
    this.#began = began
  }

  /** The recording that goes on. */
  get recorder(): XdfRecorder | undefined {
    return this.#recorder
  }

  /** The streams that are there now. */
  look(): Promise<StreamInfo[]> {
    return resolveStreams(LOOK_S)
  }

  /** Answers the file, which is there then. Rejects with ERR_ALREADY_CONNECTED, ERR_STREAM_NOT_FOUND, ERR_FILE_EXISTS or ERR_FILE_INVALID. */
  async start(): Promise<string> {
    if (this.#recorder !== undefined)
      throw new DareplaneError('ERR_ALREADY_CONNECTED', `${this.#recorder.stats.file} is being recorded; stop it first`)
    if (this.#starting !== undefined)
      throw new DareplaneError('ERR_ALREADY_CONNECTED', 'a recording is about to begin already')
    if (!this.isSelected) throw new DareplaneError('ERR_STREAM_NOT_FOUND', 'no stream is selected')
    this.#starting = this.#start()
    try {
      return await this.#starting
    } finally {
      this.#starting = undefined
    }
  }

  /** Answers what the recording came to. Rejects with ERR_NOT_CONNECTED when there is none. */
  async stop(): Promise<RecordingSummary> {
    await this.#started()
    const recorder = this.#recorder
    if (recorder === undefined) throw new DareplaneError('ERR_NOT_CONNECTED', 'nothing is being recorded')
    const summary = await recorder.stop()
    if (this.#recorder === recorder) this.#recorder = undefined
    return summary
  }

  async #start(): Promise<string> {
    const { folder, template, fields } = this.place
    const file = recordingFile(template, fields, { folder })
    await mkdir(dirname(file), { recursive: true })
    const recorder = new XdfRecorder({ ...this.#options, file })
    this.#recorder = recorder
    try {
      await recorder.start()
    } catch (error) {
      this.#recorder = undefined
      throw error
    }
    this.#began(recorder)
    return recorder.stats.file
  }

  async #started(): Promise<void> {
    // Whether it has failed is told to who began it.
    await this.#starting?.catch(() => undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#started()
    await this.#recorder?.stop()
  }
}
