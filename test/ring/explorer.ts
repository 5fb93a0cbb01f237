import { COUNTER_READS, HEAD_ACCESS, READER_STEPS, WRITER_STEPS, isWhole } from '../../src/ring/protocol.js'
import type { Access } from '../../src/ring/protocol.js'

/*
 * Runs one writer and one reader through every interleaving of their accesses to shared memory, as the step lists of
 * src/ring/protocol.ts give them. Of the memory model it has what matters here: plain reads may be delayed behind a later
 * atomic load, but not behind a read-modify-write; plain writes may be hurried before an earlier atomic store, likewise.
 */

const C = 8
const W = 2
const M = 2
/** Words of a frame. */
const WORDS = 2
/** Where the head wraps, a multiple of C, and where it starts: both it and the slots soon wrap. */
const MODULUS = 16
const FIRST = 12
const LAST = FIRST + 12

export interface Protocol {
  readonly writer: readonly (typeof WRITER_STEPS)[number][]
  readonly reader: readonly (typeof READER_STEPS)[number][]
  readonly counterReads: readonly (typeof COUNTER_READS)[number][]
  readonly access: { readonly observe: Access; readonly validate: Access; readonly publish: Access }
  /** How much of the ring is given up for the chunk under way. */
  readonly slack: number
}

/** The protocol as the ring runs it. */
const PROTOCOL: Protocol = {
  writer: WRITER_STEPS,
  reader: READER_STEPS,
  counterReads: COUNTER_READS,
  access: HEAD_ACCESS,
  slack: M,
}

/** Counts of different states in which the reader had done all it does. */
export interface Outcome {
  states: number
  accepted: number
  rejected: number
  /** Accepted, with a word that is not the window's. */
  bad: number
  /** With a count that was not the one published when the head was loaded. */
  misread: number
}

/** One access of the writer: a word of the slab, or a word of the counter. */
type Write =
  | { readonly to: 'slab'; readonly at: number; readonly value: number }
  | { readonly to: 'lapsBefore' | 'lapsAfter' | 'head'; readonly value: number; readonly count: number }

interface State {
  readonly slab: number[]
  head: number
  /** The count that `head` stands for. */
  count: number
  lapsBefore: number
  lapsAfter: number
  /** The writer: frames done, the size of the chunk under way (0: none), accesses done of it. */
  written: number
  chunk: number
  write: number
  /** A head that was stored and has not taken effect. */
  stored: (Write & { to: 'head' }) | undefined
  /** The reader: steps begun, what it loaded of the counter, the window's start, words read, words yet to be read. */
  op: number
  after: number
  low: number
  before: number
  truth: number
  start: number
  read: number
  due: number
  accepted: boolean
  bad: boolean
  misread: boolean
}

const INITIAL: State = {
  slab: Array<number>((C + W) * WORDS).fill(0),
  head: FIRST % MODULUS,
  count: FIRST,
  lapsBefore: Math.floor(FIRST / MODULUS),
  lapsAfter: Math.floor(FIRST / MODULUS),
  written: FIRST,
  chunk: 0,
  write: 0,
  stored: undefined,
  op: 0,
  after: 0,
  low: 0,
  before: 0,
  truth: 0,
  start: 0,
  read: 0,
  due: 0,
  accepted: true,
  bad: false,
  misread: false,
}

/** The rest of the memory follows from how far the writer is. */
const keyOf = (s: State): string =>
  `${s.written},${s.chunk},${s.write},${s.stored?.count},${s.op},${s.after},${s.low},${s.before},${s.truth},` +
  `${s.start},${s.read},${s.due},${s.accepted},${s.bad},${s.misread}`

/** What word `word` of frame `index` holds: zero before the first frame. */
const valueOf = (index: number, word: number): number => (index < FIRST ? 0 : index * WORDS + word + 1)

/** What the writer writes, in order, to append `chunk` frames from `index` on. */
function writesOf(protocol: Protocol, index: number, chunk: number): Write[] {
  const count = index + chunk
  const lap = Math.floor(count / MODULUS)
  const wraps = lap !== Math.floor(index / MODULUS)
  return protocol.writer.flatMap((step): Write[] => {
    if (step === 'publish') return [{ to: 'head', value: count % MODULUS, count }]
    if (step === 'announceLap') return wraps ? [{ to: 'lapsBefore', value: lap, count }] : []
    if (step === 'confirmLap') return wraps ? [{ to: 'lapsAfter', value: lap, count }] : []
    if (step === 'wake') return []
    return Array.from({ length: chunk * WORDS }, (_, i): Write[] => {
      const slot = (index % C) + Math.floor(i / WORDS)
      const mirrored = slot < W ? slot + C : slot >= C ? slot - C : undefined
      const target = step === 'data' ? slot : mirrored
      const value = valueOf(index + Math.floor(i / WORDS), i % WORDS)
      return target === undefined ? [] : [{ to: 'slab', at: target * WORDS + (i % WORDS), value }]
    }).flat()
  })
}

type Change = (next: State) => void

const commit = (write: Write & { to: 'head' }, next: State): void => {
  next.head = write.value
  next.count = write.count
  next.stored = undefined
}

/** What the writer can do next. */
function writerMoves(state: State, protocol: Protocol): Change[] {
  const { stored, written, chunk } = state
  if (chunk === 0) {
    const starts = [1, 2].filter(size => size <= M && written + size <= LAST)
    return starts.map(size => next => Object.assign(next, { chunk: size, write: 0 }))
  }
  const moves: Change[] = stored === undefined ? [] : [next => commit(stored, next)]
  const writes = writesOf(protocol, written, chunk)
  const write = writes[state.write]
  // An atomic access waits until the store before it has taken effect; plain writes do not.
  if (write === undefined || (write.to !== 'slab' && stored !== undefined)) return moves
  moves.push(next => {
    if (write.to === 'slab') next.slab[write.at] = write.value
    else if (write.to === 'head') {
      if (protocol.access.publish === 'rmw') commit({ ...write, to: 'head' }, next)
      else next.stored = { ...write, to: 'head' }
    } else next[write.to] = write.value
    next.write++
    if (next.write === writes.length) Object.assign(next, { written: written + chunk, chunk: 0, write: 0 })
  })
  return moves
}

interface ReaderOp {
  readonly step: 'observe' | 'read' | 'validate'
  readonly word?: (typeof COUNTER_READS)[number]
}

/** What the reader can do next. */
function readerMoves(state: State, ops: readonly ReaderOp[], protocol: Protocol): Change[] {
  const moves: Change[] = []
  const op = ops[state.op]
  if (state.read < state.due) {
    moves.push(next => {
      const { start, read } = next
      const value = next.slab[(((start % C) + C) % C) * WORDS + read]
      if (value !== valueOf(start + Math.floor(read / WORDS), read % WORDS)) next.bad = true
      next.read++
    })
    // No read that is due may be delayed behind a read-modify-write.
    if (op?.word === 'head' && op.step !== 'read' && protocol.access[op.step] === 'rmw') return moves
  }
  if (op !== undefined) moves.push(next => readerStep(next, op, ops[state.op + 1], protocol))
  return moves
}

function readerStep(next: State, op: ReaderOp, following: ReaderOp | undefined, protocol: Protocol): void {
  next.op++
  if (op.step === 'read') next.due = W * WORDS
  else if (op.word === 'lapsAfter') next.after = next.lapsAfter
  else if (op.word === 'lapsBefore') next.before = next.lapsBefore
  else {
    next.low = next.head
    next.truth = next.count
  }
  if (op.step === 'read' || following?.step === op.step) return
  if (next.after !== next.before) {
    next.op -= protocol.counterReads.length
    return
  }
  const count = next.after * MODULUS + next.low
  if (count !== next.truth) next.misread = true
  if (op.step === 'observe') next.start = count - W
  else next.accepted = isWhole(next.start, count, protocol.slack, C)
  // Forgotten, as they would only multiply the states.
  Object.assign(next, { after: 0, low: 0, before: 0, truth: 0 })
}

/** Every interleaving of reading one window, at any time, with the writing of all frames in chunks of 1 to M. */
export function explore(changes: Partial<Protocol> = {}): Outcome {
  const protocol = { ...PROTOCOL, ...changes }
  const ops = protocol.reader.flatMap((step): ReaderOp[] =>
    step === 'read' ? [{ step }] : protocol.counterReads.map(word => ({ step, word })),
  )
  const seen = new Set<string>()
  const open = [INITIAL]
  const outcome = { states: 0, accepted: 0, rejected: 0, bad: 0, misread: 0 }
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const key = keyOf(state)
    if (seen.has(key)) continue
    seen.add(key)
    if (state.op === ops.length && state.read === state.due) {
      outcome[state.accepted ? 'accepted' : 'rejected']++
      if (state.accepted && state.bad) outcome.bad++
      if (state.misread) outcome.misread++
      continue
    }
    for (const change of [...writerMoves(state, protocol), ...readerMoves(state, ops, protocol)]) {
      const next = { ...state, slab: [...state.slab] }
      change(next)
      open.push(next)
    }
  }
  return { ...outcome, states: seen.size }
}
