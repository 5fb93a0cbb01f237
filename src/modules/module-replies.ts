/*
 * What comes from a module: a greeting, `1` for each UP, the list of commands without an end, lines of JSON from a server of ours
 * that was asked to report, a line when it could not decode a command, and callbacks without an end.
 */

import { describedCommands } from './described-commands.js'

/** One thing that a module said. */
export type Reply =
  | { readonly kind: 'greeting'; readonly name: string }
  | { readonly kind: 'up' }
  | { readonly kind: 'commands'; readonly names: readonly string[] }
  | { readonly kind: 'report'; readonly report: Readonly<Record<string, unknown>> }
  | { readonly kind: 'complaint'; readonly text: string }
  | { readonly kind: 'callback'; readonly module: string; readonly command: string; readonly payload: string }

const LINES = /^(Connected to |Was unable to decode |ERR )/
const LIST_END = /(^|\|)STOP\|CLOSE(\|GET_PCOMMS\|UP)?$/
const WHOLE_LIST = /^[^{}\n]*?STOP\|CLOSE(\|GET_PCOMMS\|UP)?(?![|A-Z])/
/** A list that comes when nobody waits for it any more. */
const LATE_LIST = /^(?!1)([^{}\n]*?\|)?STOP\|CLOSE(\|GET_PCOMMS\|UP)?(?![|A-Z])/
const CALLBACK = /^([^|;{}\r\n]+)\|([^|;{}\r\n]+)\|/
/** More than this without an end is no reply. */
const LONGEST = 1 << 20
/** A longer text in which no reply was found is looked at again when it has grown by a quarter. */
const LOOKED_AT_AGAIN = 4096

/** Cuts what a module says into replies. Pure: no clock; {@link ModuleReplies.quiet} is called when nothing has come for a moment. */
export class ModuleReplies {
  #awaitedLists = 0
  #owedLists = 0
  #text = ''
  /** How long the text must be before it is looked at: one that drips in would be looked through for each of its bytes. */
  #enough = 0
  /** No list ends in the text: however many answers to UP it begins with, it is looked through once. */
  #isListless = false

  /** A list of commands was asked for: until it comes, text without an end is one. */
  awaitList(): void {
    this.#awaitedLists++
    this.#owedLists++
  }

  /** Nobody waits for lists any more. One may come yet, of a module that was held up: that is no callback. */
  forgetLists(): void {
    this.#awaitedLists = 0
  }

  push(text: string): Reply[] {
    this.#text += text
    if (this.#text.length > LONGEST) this.#text = ''
    if (this.#text.length < this.#enough) return []
    const replies = this.#all(false)
    this.#enough = this.#text.length > LOOKED_AT_AGAIN ? 1.25 * this.#text.length : 0
    return replies
  }

  /** Silence ends what has no end of its own. */
  quiet(): Reply[] {
    const replies = this.#all(true)
    this.#enough = 0
    if (this.#text.trim() !== '') replies.push({ kind: 'complaint', text: this.#text })
    this.#text = ''
    return replies
  }

  #all(isQuiet: boolean): Reply[] {
    const replies: Reply[] = []
    this.#isListless = false
    for (let reply = this.#next(isQuiet); reply !== undefined; reply = this.#next(isQuiet)) {
      replies.push(reply)
      this.#isListless &&= reply.kind === 'up'
    }
    return replies
  }

  #next(isQuiet: boolean): Reply | undefined {
    this.#text = this.#text.replace(/^[\r\n\s]+/, '')
    const text = this.#text
    if (text === '') return undefined
    if (text.startsWith('{') || LINES.test(text)) return this.#line(isQuiet)
    const list = this.#awaitedLists > 0 ? this.#list(isQuiet) : this.#lateList()
    if (list !== undefined) return list
    if (text.startsWith('1')) {
      this.#text = text.slice(1)
      return { kind: 'up' }
    }
    // A callback cannot come before the list is over: wait for its rest.
    return this.#awaitedLists > 0 ? undefined : this.#callback(isQuiet)
  }

  #line(isQuiet: boolean): Reply | undefined {
    const end = this.#text.indexOf('\n')
    if (end === -1 && !isQuiet) return undefined
    const line = end === -1 ? this.#text : this.#text.slice(0, end)
    this.#text = end === -1 ? '' : this.#text.slice(end + 1)
    if (line.startsWith('{')) {
      const report = objectOf(line)
      if (report && describedCommands(report)) this.#owedLists = Math.max(0, this.#owedLists - 1)
      return report ? { kind: 'report', report } : { kind: 'complaint', text: line }
    }
    const greeting = /^Connected to (.*?)\r?$/.exec(line)
    return greeting ? { kind: 'greeting', name: greeting[1] ?? '' } : { kind: 'complaint', text: line }
  }

  #list(isQuiet: boolean): Reply | undefined {
    const whole = this.#isListless ? null : WHOLE_LIST.exec(this.#text)
    this.#isListless = whole === null
    // An answer to UP may stand before the list, never in it.
    if (whole === null && !(isQuiet && !this.#text.startsWith('1'))) return undefined
    if (whole !== null && !isQuiet && whole[1] === undefined && whole[0].length === this.#text.length) return undefined
    this.#awaitedLists--
    return this.#listed(whole === null ? this.#text : whole[0])
  }

  #lateList(): Reply | undefined {
    const list = this.#owedLists > 0 ? LATE_LIST.exec(this.#text) : null
    return list === null ? undefined : this.#listed(list[0])
  }

  #listed(list: string): Reply {
    this.#owedLists = Math.max(0, this.#owedLists - 1)
    this.#text = this.#text.slice(list.length)
    return {
      kind: 'commands',
      names: list
        .trim()
        .split('|')
        .filter(name => name !== ''),
    }
  }

  #callback(isQuiet: boolean): Reply | undefined {
    const head = CALLBACK.exec(this.#text)
    if (head === null) return undefined
    const from = head[0].length
    const isOver = isQuiet && this.#owedLists === 0
    const length = this.#text[from] === '{' ? objectLength(this.#text, from) : isOver ? this.#text.length - from : -1
    if (length === -1) return undefined
    const payload = this.#text.slice(from, from + length)
    this.#text = this.#text.slice(from + length)
    return { kind: 'callback', module: head[1] ?? '', command: head[2] ?? '', payload }
  }
}

/** The names of commands that a person may send: what every server answers itself is left out, and doubles. */
export function ownCommands(names: readonly string[]): string[] {
  return [...new Set(names)].filter(name => !['STOP', 'CLOSE', 'GET_PCOMMS', 'UP'].includes(name))
}

/** Whether the list is one of Python's 0.0.24, which alone names all of its built-ins. */
export function isOfNewestPython(names: readonly string[]): boolean {
  return LIST_END.test(names.join('|')) && names.includes('GET_PCOMMS')
}

function objectOf(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** How long the JSON object at `from` is, -1 while its end has not come. */
function objectLength(text: string, from: number): number {
  let depth = 0
  let inString = false
  for (let at = from; at < text.length; at++) {
    const char = text[at]
    if (inString) {
      if (char === '\\') at++
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '{') depth++
    else if (char === '}' && --depth === 0) return at + 1 - from
  }
  return -1
}
