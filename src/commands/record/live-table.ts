import { clearScreenDown, cursorTo, moveCursor } from 'node:readline'
import type { WriteStream } from 'node:tty'
import type { XdfRecorder } from '../../recording/xdf-recorder.js'
import { safeName } from '../../safe-text.js'
import { tableLines } from './table-lines.js'

const EVERY_MS = 250

/** A table of the recording that is drawn again in place, until it is closed; what is printed stands above it. */
export class LiveTable implements Disposable {
  readonly #terminal: WriteStream
  readonly #recorder: XdfRecorder
  readonly #timer: NodeJS.Timeout
  #drawn = 0

  constructor(terminal: WriteStream, recorder: XdfRecorder) {
    this.#terminal = terminal
    this.#recorder = recorder
    this.#timer = setInterval(() => this.#draw(), EVERY_MS)
    this.#draw()
  }

  /** A line that stays. */
  print(line: string): void {
    this.#clear()
    this.#terminal.write(`${safeName(line)}\n`)
    this.#draw()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#clear()
  }

  #clear(): void {
    moveCursor(this.#terminal, 0, -this.#drawn)
    cursorTo(this.#terminal, 0)
    clearScreenDown(this.#terminal)
    this.#drawn = 0
  }

  #draw(): void {
    const { columns, rows } = this.#terminal
    const lines = tableLines(this.#recorder.stats, columns - 1)
    // What does not fit must not scroll: the head and the streams that fit are shown, and how many more there are.
    const room = Math.max(3, rows - 1)
    const shown =
      lines.length <= room ? lines : [...lines.slice(0, room - 1), `... ${lines.length - room + 1} more lines`]
    this.#clear()
    this.#terminal.write(shown.map(line => `${safeName(line).slice(0, columns - 1)}\n`).join(''))
    this.#drawn = shown.length
  }
}
