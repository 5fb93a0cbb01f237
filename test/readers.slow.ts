// Everything that reads text from the network, on texts that are made to keep it busy. One packet must not stop the server.
import t from 'tap'
import { LogLineFilter } from '../src/commands/logs/log-line-filter.js'
import { receiveRecord } from '../src/logging/receiver/received-record.js'
import { parseIni } from '../src/lsl/builtin/config/parse-ini.js'
import { simpleTerms } from '../src/lsl/builtin/discovery/simple-query.js'
import { parseFeedRequest } from '../src/lsl/builtin/handshake/feed-request.js'
import { parseFeedResponse } from '../src/lsl/builtin/handshake/feed-response.js'
import { parseHead } from '../src/lsl/builtin/handshake/parse-head.js'
import { parseStreamInfo } from '../src/lsl/parse-stream-info.js'
import { parseXml } from '../src/lsl/xml.js'
import { ModuleReplies } from '../src/modules/module-replies.js'
import { pythonFormat } from '../src/python/format.js'
import { parseWireJson } from '../src/python/json.js'
import { pythonValue } from '../src/python/literal.js'
import { pythonBytes, pythonRepr } from '../src/python/repr.js'
import { pythonSequence } from '../src/python/sequence.js'
import { parseRemoteLine } from '../src/recording/remote-line.js'
import { safeName, safeText } from '../src/safe-text.js'
import { isAuthorized } from '../src/server/client/token.js'
import { builtInOf, isBareBuiltIn } from '../src/server/wire/built-in.js'
import { CommandSplitter } from '../src/server/wire/command-splitter.js'
import { parseCommand, readinessOf } from '../src/server/wire/command.js'
import { parsePayload } from '../src/server/wire/json-payload.js'
import { questionOf } from '../src/server/wire/question.js'
import { repeated, slowness } from './support/hostile.js'

const names = new Set(['START', 'FIT MODEL'])

/** The splitter as a connection uses it, with the bytes in packets of `size` and silences between `silences` of them. */
function split(text: string, size: number, silences: number): void {
  const splitter = new CommandSplitter('tolerant', 1e6, piece => readinessOf(piece, names))
  const packets = Math.ceil(text.length / size)
  for (let i = 0; i < packets; i++) {
    const pieces = splitter.push(text.slice(i * size, (i + 1) * size))
    if (i < silences || i === packets - 1) pieces.push(...splitter.quiet())
    for (const piece of pieces) parseCommand(piece, names)
  }
  splitter.end()
}

/** What a module says, in packets of `size`, to who waits for a list of its commands or does not. */
function hearModule(text: string, size: number, isAwaited: boolean): void {
  const replies = new ModuleReplies()
  if (isAwaited) replies.awaitList()
  for (let at = 0; at < text.length; at += size) replies.push(text.slice(at, at + size))
  replies.quiet()
}

/** A connection's bytes, in packets as the network and its client may make them. */
const streams: Readonly<Record<string, (text: string) => void>> = {
  'a stream of commands': text => split(text, 65_536, 1),
  'a stream of commands with silences': text => split(text, Math.ceil(text.length / 40), 40),
  'a stream of commands that drips': text => split(text, 16, 24),
  'what a module says': text => hearModule(text, 65_536, false),
  'what a module says that is asked for its commands': text => hearModule(text, 65_536, true),
  'what a module says that drips': text => hearModule(text, 8, true),
}

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  'a built-in': builtInOf,
  'a bare built-in': isBareBuiltIn,
  'a question': questionOf,
  'a token': text => isAuthorized(text, 'secret'),
  'a command': text => parseCommand(text, names),
  'whether a command is complete': text => readinessOf(text, names),
  'a payload': parsePayload,
  'JSON of a logger': text => parseWireJson(text),
  'JSON of a logger, floats kept': text => parseWireJson(text, { keepFloats: true }),
  'a record': text => receiveRecord(Buffer.from(text)),
  'the message of a record': text => receiveRecord(Buffer.from(JSON.stringify({ msg: text, args: [1], created: 1 }))),
  'the arguments of a record': text =>
    receiveRecord(Buffer.from(JSON.stringify({ msg: '%s', args: text, created: 1 }))),
  'a format': text => pythonFormat(text, [1, 'a']),
  'a format with keys': text => pythonFormat(text, { a: 1 }),
  'a literal': pythonValue,
  'a tuple': text => pythonSequence(`(${text})`),
  'text that is shown as Python does': text => pythonRepr(text),
  'bytes that are shown as Python does': pythonBytes,
  'text for a terminal': safeText,
  'a name for a terminal': safeName,
  'a line of a log': text => new LogLineFilter({ level: 'info', names: ['a'], colours: true }).push(text),
  'the head of a request': text => {
    const head = parseHead(Buffer.from(`${text}\r\n\r\n`))
    if (head === undefined) return
    parseFeedRequest(head)
    parseFeedResponse(head, 'uid')
  },
  'a line to the remote control': parseRemoteLine,
  'a query': simpleTerms,
  'a configuration': text => parseIni(text),
  XML: parseXml,
  'XML inside elements that are not closed': text => parseXml('<b>'.repeat(text.length / 3) + text),
  'the description of a stream': parseStreamInfo,
}

const framing = ['1', 'a|b|{"', ' ', '\n', ';', '|', '{', '[', '"', '\\"', ',', '\xc2', 'START|{"a":"', 'UP|']
const parts = [
  ...framing,
  ...[
    '\r\n',
    '\0',
    ' |',
    '}',
    ')',
    "'",
    "\\'",
    '%',
    '%(',
    '%0',
    '0',
    '9',
    '1_',
    '.',
    'a',
    'NaN',
    '"NaN\\"',
    ' - ',
    'A',
  ],
  ...[
    '\x1b[',
    '\\u0041',
    '\n2026-01-01 00:00',
    '<a>',
    '</a>',
    '<a ',
    '&#',
    "a='b' and ",
    'LSL/1 ',
    ': ',
    '<a b="',
    '</x>',
    '<!--',
  ],
]
const begins = ['', 'x', 'START|{"a":"', 'START|{"a":[', 'START|', 'STOP']
const befores = [
  ...begins,
  ...[
    'NaN"',
    '[NaN,"',
    'AUTH|',
    "'",
    '"',
    '[',
    '%',
    '%(',
    '2026-01-01 00:00:00,000 - ',
    'LSL/110 200',
    "a='b",
    '<a>',
    '<a ',
  ],
]
const behinds = ['', 'y;', '\n\u0001', '}', '"};STOP;']

/** The text of `part`s behind `before` for which `read` is too slow. */
function slowText(read: (text: string) => unknown, from: readonly string[], of: readonly string[]): string | undefined {
  for (const part of of) {
    for (const before of from) {
      // What is behind matters to those who look for an end; one of them for each text is enough to find that.
      const behind = behinds[(part.length + before.length) % behinds.length] ?? ''
      const slow = slowness(read, repeated(before, part, behind), 8192)
      if (slow !== undefined) return slow
    }
  }
  return undefined
}

t.setTimeout(280_000)

t.test('whatever a text is made of, reading it takes time in proportion to its length', async t => {
  for (const [what, read] of Object.entries(readers)) t.equal(slowText(read, befores, parts), undefined, what)
})

t.test('whatever a client sends, its bytes are cut in time in proportion to their number', async t => {
  for (const [what, read] of Object.entries(streams)) t.equal(slowText(read, begins, framing), undefined, what)
})

t.test('a reader whose time grows with the square of the text is found', async t => {
  const slow = (text: string): unknown => /^(.*?)\s*$/s.test(text)
  t.ok(slowness(slow, repeated('x', ' ', 'y;'), 8192))
  const parsesAgain = (text: string): void => {
    for (let i = text.indexOf(';'); i !== -1; i = text.indexOf(';', i + 1)) parseCommand(text.slice(0, i), names)
  }
  t.ok(slowness(parsesAgain, repeated('START|', ';', ''), 8192))
})
