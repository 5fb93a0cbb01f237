import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** Lines taken in one turn of the event loop. Between two turns the server hears its clients. */
const SLICE = 64
/** A longer line is cut into several: what a program writes must not fill our memory. */
const LONGEST_LINE = 8192

/**
 * Calls `onLine` for each line of `stream`, and for what is left at its end, a few lines in each turn of the event loop. A program
 * that writes faster than that waits, as it does on a terminal. Resolves when all lines were taken; never rejects.
 */
export async function readLines(
  stream: Readable,
  onLine: (line: string) => void,
  longest = LONGEST_LINE,
): Promise<void> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let lines = 0
  try {
    for await (const bytes of stream as AsyncIterable<Buffer>) {
      rest += decoder.write(bytes)
      let start = 0
      for (;;) {
        const end = rest.indexOf('\n', start)
        if (end < 0 && rest.length - start <= longest) break
        const isCut = end < 0 || end - start > longest
        const stop = isCut ? start + longest : end
        onLine(rest.slice(start, !isCut && rest[stop - 1] === '\r' ? stop - 1 : stop))
        start = isCut ? stop : stop + 1
        if (++lines % SLICE === 0) await new Promise(resolve => setImmediate(resolve))
      }
      rest = rest.slice(start)
    }
  } catch {
    // The pipe of a program that was killed ends with an error.
  }
  rest += decoder.end()
  if (rest !== '') onLine(rest)
}
