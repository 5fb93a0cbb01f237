/** How long the longer text is, as a packet or a record of a client may be; the other is a quarter of it. */
const LONG = 65_536
/** What is linear takes a millisecond or two for the long text; what grows with its square takes seconds. */
const MOST_MS = 400

/** Milliseconds of this process's own time that `run` takes: other work on the machine does not count. */
function ownMs(run: () => void): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/**
 * Why `read` does not take time in proportion to its text, for the text that `hostile` makes of a length; undefined when it
 * does. A text of `short` characters is tried first, and longer ones only when time that grows with its square would be too much.
 */
export function slowness(
  read: (text: string) => unknown,
  hostile: (length: number) => string,
  short: number = LONG / 4,
): string | undefined {
  const text = hostile(short)
  if (ownMs(() => void read(text)) < MOST_MS * (short / LONG) ** 2) return undefined
  return [LONG / 4, LONG].map(length => slownessOf(read, hostile(length))).find(found => found !== undefined)
}

/** A text for which reading is a little too slow is tried three times before it is called so. */
function slownessOf(read: (text: string) => unknown, text: string): string | undefined {
  let least = ownMs(() => void read(text))
  for (let more = 2; more > 0 && least > MOST_MS && least < 4 * MOST_MS; more--) {
    least = Math.min(
      least,
      ownMs(() => void read(text)),
    )
  }
  return least > MOST_MS ? `${Math.round(least)} ms for ${text.length} characters: ${shown(text)}` : undefined
}

function shown(text: string): string {
  return JSON.stringify(text.length <= 40 ? text : `${text.slice(0, 20)} ... ${text.slice(-20)}`)
}

/** A text of one part over and over, with something before and behind it. */
export function repeated(before: string, part: string, behind: string): (length: number) => string {
  return length => before + part.repeat(Math.ceil(length / part.length)) + behind
}
