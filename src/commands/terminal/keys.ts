/** What the keys of the terminal send, by the name that a view knows them by. */
const NAMES: Readonly<Record<string, string>> = { '\x1b[A': 'up', '\x1b[B': 'down', '\x03': 'q', '\x1b': 'q' }

/** Hears single keys while it lives, where stdin is a terminal. Dispose it, or the terminal stays as it is for keys. */
export class Keys implements Disposable {
  readonly #onKey: (key: string) => void
  readonly #hear = (bytes: Buffer): void => {
    const text = bytes.toString()
    this.#onKey(NAMES[text] ?? text)
  }

  /** `onKey` hears each key: its letter, `up` or `down`. Ctrl-C and Esc come as `q`. */
  constructor(onKey: (key: string) => void) {
    this.#onKey = onKey
    if (!process.stdin.isTTY) return
    process.stdin.setRawMode(true).on('data', this.#hear).resume()
  }

  [Symbol.dispose](): void {
    if (!process.stdin.isTTY) return
    process.stdin.setRawMode(false).off('data', this.#hear).pause()
  }
}
