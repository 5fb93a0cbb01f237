/** Shows what is being measured: in place in a terminal, else a line for each new case on stderr. */
export class Progress {
  #terminal = process.stderr.isTTY
  #started = performance.now()
  #shown = ''

  show(text) {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(0).padStart(4)
    if (this.#terminal) process.stderr.write(`\r\x1b[K${`${seconds} s  ${text}`.slice(0, process.stderr.columns - 1)}`)
    const subject = text.split(': ')[0]
    if (!this.#terminal && subject !== this.#shown) process.stderr.write(`${seconds} s  ${subject} ...\n`)
    this.#shown = subject
  }

  clear() {
    if (this.#terminal) process.stderr.write('\r\x1b[K')
  }
}
