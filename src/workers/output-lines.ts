import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** A longer line is cut: what a program writes must not fill our memory. */
const MAX_LINE = 8192

/** Calls `onLine` for each line of `stream`, and for what is left at its end. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  stream.on('data', (bytes: Buffer) => {
    const lines = (rest + decoder.write(bytes)).split(/\r?\n/)
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
    while (rest.length > MAX_LINE) {
      onLine(rest.slice(0, MAX_LINE))
      rest = rest.slice(MAX_LINE)
    }
  })
  stream.on('end', () => {
    if (rest !== '') onLine(rest)
  })
  // A broken pipe is how a program that was killed says goodbye.
  stream.on('error', () => undefined)
}
