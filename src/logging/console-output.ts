import { WriteStream, isatty } from 'node:tty'
import { surviveClosedOutput } from '../system/standard-streams.js'

/** What may wait for whoever reads stderr. A pipe that nobody reads would grow without a bound. */
const MOST_WAITING = 1024 * 1024

// Asked of the descriptor, since process.stderr of a worker is a pipe even when the terminal has colours.
/** Whether lines on stderr are to be coloured: a terminal that can, or FORCE_COLOR; NO_COLOR is heeded. */
export const CONSOLE_COLOURS: boolean =
  (isatty(2) || process.env['FORCE_COLOR'] !== undefined) && WriteStream.prototype.hasColors()

let lost = 0

/** Prints whole lines to stderr. Never waits: what finds no place is counted, and told when there is place again. Any thread. */
export function printLines(text: string): void {
  surviveClosedOutput()
  if (process.stderr.writableLength > MOST_WAITING) {
    if (lost === 0) process.stderr.once('drain', tellLost)
    lost += text.split('\n').length - 1
    return
  }
  process.stderr.write(text)
}

function tellLost(): void {
  process.stderr.write(`dareplane: ${lost} lines are missing here, nobody read them in time\n`)
  lost = 0
}
