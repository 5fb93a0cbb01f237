import { TAKE_STEPS, behind, hasRoom } from '../../../src/ring/pace/pace-protocol.js'
import { isWhole } from '../../../src/ring/protocol.js'

/*
 * Runs one writer that has much to write and one reader that takes through every interleaving: the reader says where it is, looks,
 * reads and validates; the writer looks where the reader is before each chunk, and waits, or at some moment loses patience. What is
 * promised: a window that was whole with a chunk to spare when it was lent stays whole until the reader moves on, unless the writer
 * lost patience with that reader. That no window is accepted that is not whole is the other explorer's, with all of the memory
 * model; here one access follows the other.
 */

const C = 8
const W = 2
const M = 2
const LAST = 12

const PACED_WRITER_STEPS = ['heed', 'write', 'publish'] as const

export interface PaceProtocol {
  readonly take: readonly (typeof TAKE_STEPS)[number][]
  readonly writer: readonly (typeof PACED_WRITER_STEPS)[number][]
  /** Whether a reader that far behind has room for one more chunk. */
  readonly hasRoom: (behind: number) => boolean
  /** Whether the reader moves its place back to nobody when it begins to read: it has not finished then. */
  readonly leavesEarly: boolean
}

export interface PaceOutcome {
  states: number
  /** Windows that were lent with a chunk to spare, and stayed whole. */
  kept: number
  /** Of those, overwritten though the writer had patience. */
  broken: number
  /** Windows of a reader that the writer lost patience with, and that were overwritten. */
  lapped: number
  /** States in which the writer waits. */
  waits: number
}

interface State {
  readonly slab: readonly number[]
  head: number
  chunk: number
  writerStep: number
  written: number
  /** The place's word: 0 for nobody. */
  place: number
  lostPatience: boolean
  readerStep: number
  cursor: number
  seen: number
  read: number
  isBad: boolean
}

const MODULUS = 1024

/** Every interleaving of a reader that takes windows of W frames, one after the other, with a writer of LAST frames. */
export function explorePace(changes: Partial<PaceProtocol> = {}): PaceOutcome {
  const protocol: PaceProtocol = {
    take: TAKE_STEPS,
    writer: PACED_WRITER_STEPS,
    hasRoom: frames => hasRoom(frames, M, C),
    leavesEarly: false,
    ...changes,
  }
  const reading = [...protocol.take, ...Array.from({ length: W }, () => 'read' as const), 'validate' as const]
  const first: State = {
    slab: Array<number>(C).fill(-1),
    head: 0,
    chunk: 0,
    writerStep: 0,
    written: 0,
    place: 0,
    lostPatience: false,
    readerStep: 0,
    cursor: 0,
    seen: 0,
    read: 0,
    isBad: false,
  }
  const outcome = { states: 0, kept: 0, broken: 0, lapped: 0, waits: 0 }
  const known = new Set<string>()
  const open = [first]
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const key = JSON.stringify({ ...state, slab: state.slab.join() })
    if (known.has(key)) continue
    known.add(key)
    open.push(...writerMoves(state, protocol, outcome), ...readerMoves(state, reading, protocol, outcome))
  }
  return { ...outcome, states: known.size }
}

function writerMoves(state: State, { writer, hasRoom: isRoom }: PaceProtocol, outcome: PaceOutcome): State[] {
  const { head, chunk, writerStep, written, place } = state
  if (chunk === 0) return head + M <= LAST ? [1, M].map(size => ({ ...state, chunk: size })) : []
  const step = writer[writerStep]
  const next = writerStep + 1
  if (step === undefined) return [{ ...state, chunk: 0, writerStep: 0, written: 0 }]
  if (step === 'publish') return [{ ...state, head: head + chunk, writerStep: next }]
  if (step === 'heed') {
    if (place === 0 || isRoom(behind(head, place, MODULUS))) return [{ ...state, writerStep: next }]
    outcome.waits++
    // It may lose patience, and then forgets the reader.
    return [{ ...state, writerStep: next, place: 0, lostPatience: true }]
  }
  if (written === chunk) return [{ ...state, writerStep: next }]
  const slab = [...state.slab]
  slab[(head + written) % C] = head + written
  return [{ ...state, slab, written: written + 1 }]
}

function readerMoves(
  state: State,
  reading: readonly ('announce' | 'observe' | 'read' | 'validate')[],
  { leavesEarly }: PaceProtocol,
  outcome: PaceOutcome,
): State[] {
  const { cursor, seen, read, readerStep, head, slab } = state
  const next = { ...state, readerStep: readerStep + 1 }
  switch (reading[readerStep]) {
    case 'announce':
      return [{ ...next, place: cursor + 1, lostPatience: false }]
    case 'observe':
      if (head < cursor + W) return []
      // With less to spare nothing is promised: the reader takes what is newest.
      if (head - cursor + 2 * M > C) return [{ ...state, readerStep: 0, cursor: head - W }]
      return [{ ...next, seen: head, place: leavesEarly ? 0 : state.place }]
    case 'read':
      return [{ ...next, read: read + 1, isBad: state.isBad || slab[(cursor + read) % C] !== cursor + read }]
    default: {
      const isKept = isWhole(cursor, head, M, C) && !state.isBad
      if (isKept) outcome.kept++
      else if (state.lostPatience) outcome.lapped++
      else outcome.broken++
      return seen >= LAST - M ? [] : [{ ...next, readerStep: 0, cursor: cursor + W, read: 0, isBad: false }]
    }
  }
}
