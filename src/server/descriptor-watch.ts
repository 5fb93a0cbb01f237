import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'
import type { Logger } from 'pino'
import { errorCode } from '../errors.js'

/** Tells when this process has no file descriptor left, and says so in the log, once each time. */
export class DescriptorWatch {
  readonly #logger: Logger
  #wasExhausted = false

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** Whether nothing more can be opened: no file, no socket, no pipe to a job. Looks anew, which takes some 10 us. */
  isExhausted(): boolean {
    const isExhausted = !hasSpare()
    if (isExhausted && !this.#wasExhausted) {
      this.#logger.error({}, 'no file descriptors left, clients are refused until there are')
    } else if (this.#wasExhausted && !isExhausted) {
      this.#logger.info({}, 'there are file descriptors again')
    }
    this.#wasExhausted = isExhausted
    return isExhausted
  }
}

function hasSpare(): boolean {
  try {
    closeSync(openSync(devNull, 'r'))
    return true
  } catch (error) {
    const code = errorCode(error)
    return code !== 'EMFILE' && code !== 'ENFILE'
  }
}
