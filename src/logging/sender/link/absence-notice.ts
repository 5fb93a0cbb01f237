import { PINO_LEVEL } from '../../wire/levels.js'
import type { PendingRecord } from '../pending-record.js'
import { shape } from '../pending-record.js'
import { tell } from '../tell.js'

/** Says on stderr, once for each absence, that there is no log server: when an error waits for it, or lines are printed meanwhile. */
export class AbsenceNotice {
  readonly #server: string
  #reason: string | undefined
  #isTold = false

  constructor({ host, port }: { readonly host: string; readonly port: number }) {
    this.#server = `${host}:${port}`
  }

  /** The server was found to be away while `records` wait for it. */
  begin(reason: string, records: readonly PendingRecord[]): void {
    this.#reason = reason
    for (const record of records) this.note(record)
  }

  /** `record` is to be sent. */
  note(record: PendingRecord): void {
    if (this.#reason === undefined || this.#isTold) return
    const isError = record.level >= PINO_LEVEL.error
    if (!isError && !record.isPrinted) return
    this.#isTold = true
    if (record.isPrinted) tell(`no log server at ${this.#server}: logging here`)
    else tell(`no log server at ${this.#server} (${this.#reason}): ${record.name}: ${shape(record).msg}`)
  }

  /** There is nothing to say any more: who asks is told otherwise. */
  silence(): void {
    this.#isTold = true
  }

  /** The server answers. */
  end(): void {
    this.#reason = undefined
    this.#isTold = false
  }
}
