import { open, stat } from 'node:fs/promises'
import { setTimeout as after } from 'node:timers/promises'
import { StringDecoder } from 'node:string_decoder'
import { DareplaneError, errorCode } from '../../errors.js'

const POLL_MS = 200
const CHUNK_BYTES = 256 * 1024
/** How far back the last lines are looked for. */
const TAIL_BYTES = 4 * 1024 * 1024

interface Place {
  inode: number
  position: number
}

/** Hands the last lines of a file to `show`, then each that is appended, also after it was put aside or emptied. */
export async function followFile(
  path: string,
  { lines, follow, signal }: { readonly lines: number; readonly follow: boolean; readonly signal: AbortSignal },
  show: (line: string) => void,
): Promise<void> {
  const first = await stat(path).catch((cause: unknown) => {
    throw new DareplaneError(
      'ERR_FILE_INVALID',
      `The log file ${path} cannot be read (${errorCode(cause) ?? 'error'})`,
      { cause },
    )
  })
  if (!first.isFile()) throw new DareplaneError('ERR_FILE_INVALID', `The log file ${path} is no file`)
  const place: Place = { inode: first.ino, position: Math.max(0, first.size - TAIL_BYTES) }
  const text = new Lines()
  const tail: string[] = []
  if (place.position > 0) text.skipOne()
  await readOn(path, place, text, line => {
    tail.push(line)
    if (tail.length > lines) tail.shift()
  })
  for (const line of tail) show(line)
  if (!follow) {
    text.end(show)
    return
  }
  while (!signal.aborted) {
    await after(POLL_MS, undefined, { signal }).catch(() => undefined)
    const now = await stat(path).catch(() => undefined)
    if (!now) continue
    if (now.ino !== place.inode || now.size < place.position) Object.assign(place, { inode: now.ino, position: 0 })
    if (now.size > place.position) await readOn(path, place, text, show)
  }
}

async function readOn(path: string, place: Place, text: Lines, take: (line: string) => void): Promise<void> {
  const file = await open(path)
  const chunk = Buffer.alloc(CHUNK_BYTES)
  try {
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, place.position)
      if (bytesRead === 0) return
      place.position += bytesRead
      text.push(chunk.subarray(0, bytesRead), take)
    }
  } finally {
    await file.close()
  }
}

/** Cuts bytes into lines. */
class Lines {
  readonly #decoder = new StringDecoder('utf8')
  #rest = ''
  #isSkipping = false

  /** The next line is only the end of one. */
  skipOne(): void {
    this.#isSkipping = true
  }

  push(bytes: Buffer, take: (line: string) => void): void {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n')
    this.#rest = lines.pop() ?? ''
    if (this.#isSkipping && lines.length > 0) {
      lines.shift()
      this.#isSkipping = false
    }
    for (const line of lines) take(line)
  }

  end(take: (line: string) => void): void {
    if (this.#rest !== '') take(this.#rest)
  }
}
