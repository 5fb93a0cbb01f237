import t from 'tap'

/** Something of the package, given the value of its options. */
export type Call = (options: never) => unknown
export const NO_OPTIONS: readonly Call[] = []

async function refusal(call: Call, options: unknown): Promise<string> {
  try {
    await call(options as never)
  } catch (error) {
    return error instanceof TypeError ? error.message : `not a TypeError: ${String(error)}`
  }
  return 'accepted'
}

/** Tests of each function and class of an entry point that it refuses options that it does not know, and what is no options object. */
export function refusesUnknownOptions(calls: Readonly<Record<string, readonly Call[]>>): void {
  for (const [name, list] of Object.entries(calls)) {
    if (list.length === 0) continue
    t.test(`${name} refuses an unknown option with the one that was meant`, async t => {
      for (const call of list) {
        const unknown = await refusal(call, { quantity: 1 })
        const [, path = '', known = ''] =
          /^[\w. ]+: unknown option '([\w[\].]*\.)?quantity', known are (.*)$/.exec(unknown) ?? []
        t.not(known, '', unknown)
        for (const option of known.split(', ')) {
          const snakeCase = option.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
          for (const written of new Set([`${option}x`, snakeCase].filter(word => word !== option)))
            t.match(
              await refusal(call, { [written]: undefined }),
              new RegExp(
                `: unknown option '.*${written}', did you mean '${path.replace(/[[\]]/g, '\\$&')}${option}'\\?$`,
              ),
            )
        }
      }
    })
    t.test(`${name} refuses what is no options object`, async t => {
      for (const call of list)
        for (const given of ['text', 5, null, [], new Map(), () => 0])
          t.match(await refusal(call, given), /takes its options as one object: .*\(.*\), got |must be an object, got /)
    })
  }
}
