import { COUNTER_READS, HEAD_ACCESS, READER_STEPS, WRITER_STEPS } from '../../../src/ring/protocol.js'
import type { Access } from '../../../src/ring/protocol.js'

/* What the explorer runs: the protocol, on a ring so small that both the head and the slots soon wrap. */

/** What a read-modify-write is: one access; a load and a store with nothing of others between; the same without that. */
type Atomics = 'whole' | 'exclusive' | 'interrupted'

export const C = 8
export const W = 2
export const M = 2
/** Words of a frame. */
export const WORDS = 2
/** Where the head wraps, a multiple of C, and where it starts: both it and the slots soon wrap. */
export const MODULUS = 16
const FIRST = 12
export const LAST = FIRST + 12

export interface Protocol {
  readonly writer: readonly (typeof WRITER_STEPS)[number][]
  readonly reader: readonly (typeof READER_STEPS)[number][]
  readonly counterReads: readonly (typeof COUNTER_READS)[number][]
  readonly atomics: Atomics
  readonly access: { readonly observe: Access; readonly validate: Access; readonly publish: Access }
  /** How much of the ring is given up for the chunk under way. */
  readonly slack: number
}

/** The protocol as the ring runs it. */
export const PROTOCOL: Protocol = {
  writer: WRITER_STEPS,
  reader: READER_STEPS,
  counterReads: COUNTER_READS,
  atomics: 'whole',
  access: HEAD_ACCESS,
  slack: M,
}

/** One access of the writer: a word of the slab, or a word of the counter. */
export type Write = { readonly to: 'slab'; readonly at: number; readonly value: number } | Store

export interface Store {
  readonly to: 'lapsBefore' | 'lapsAfter' | 'head'
  readonly value: number
  readonly count: number
}

export interface State {
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
  /** Atomic stores that have not taken effect, oldest first. */
  stored: readonly Store[]
  /** Whether the writer has done the load of its next publication, and who is between the load and the store of one. */
  loaded: boolean
  between: 'nobody' | 'writer' | 'reader'
  /** The reader: steps begun, what it loaded of the counter, the window's start, words read, words yet to be read. */
  op: number
  after: number
  low: number
  before: number
  truth: number
  start: number
  read: number
  due: number
  /** Whether it has loaded the head of a read-modify-write, and not yet stored it. */
  held: boolean
  accepted: boolean
  bad: boolean
  misread: boolean
}

export const INITIAL: State = {
  slab: Array<number>((C + W) * WORDS).fill(0),
  head: FIRST % MODULUS,
  count: FIRST,
  lapsBefore: Math.floor(FIRST / MODULUS),
  lapsAfter: Math.floor(FIRST / MODULUS),
  written: FIRST,
  chunk: 0,
  write: 0,
  stored: [],
  loaded: false,
  between: 'nobody',
  op: 0,
  after: 0,
  low: 0,
  before: 0,
  truth: 0,
  start: 0,
  read: 0,
  due: 0,
  held: false,
  accepted: true,
  bad: false,
  misread: false,
}

/** The rest of the memory follows from how far the writer is. */
export const keyOf = (s: State): string =>
  `${s.written},${s.chunk},${s.write},${s.stored.length},${s.count},${s.loaded},${s.between},${s.op},${s.after},${s.low},${s.before},${s.truth},` +
  `${s.start},${s.read},${s.due},${s.held},${s.accepted},${s.bad},${s.misread}`

/** What word `word` of frame `index` holds: zero before the first frame. */
export const valueOf = (index: number, word: number): number => (index < FIRST ? 0 : index * WORDS + word + 1)

/** What the writer writes, in order, to append `chunk` frames from `index` on. */
export function writesOf(protocol: Protocol, index: number, chunk: number): Write[] {
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
