import { isWhole } from '../../../src/ring/protocol.js'
import type { COUNTER_READS } from '../../../src/ring/protocol.js'
import { C, INITIAL, LAST, M, MODULUS, PROTOCOL, W, WORDS, keyOf, valueOf, writesOf } from './explored-state.js'
import type { Protocol, State, Store, Write } from './explored-state.js'

/*
 * Runs one writer and one reader through every interleaving of their accesses to shared memory, as the step lists of
 * src/ring/protocol.ts give them. Of the memory model it has what matters here: plain reads may be delayed behind a later
 * atomic load, but not behind a read-modify-write; plain writes may be hurried before an earlier atomic store, likewise.
 *
 * In the mode `exclusive` a read-modify-write is what it is on ARMv8.0: a load-acquire and a store-release, between which no other
 * store reaches the word. Earlier plain reads may be delayed behind its load, but not behind its store; later plain writes may be
 * hurried before its store, but not before its load. An attempt that fails stores nothing, so only the last one is looked at.
 */

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

type Change = (next: State) => void

/** Lets a store take effect. */
function commit(store: Store, next: State): void {
  next[store.to] = store.value
  if (store.to !== 'head') return
  next.count = store.count
  next.between = 'nobody'
}

/** What the writer can do next. */
function writerMoves(state: State, protocol: Protocol): Change[] {
  const { stored, written, chunk } = state
  const [oldest] = stored
  const moves: Change[] = []
  // No store comes between the two parts of a reader's.
  const isBarred = oldest?.to === 'head' && state.between === 'reader'
  if (oldest !== undefined && !isBarred) {
    moves.push(next => {
      next.stored = next.stored.slice(1)
      commit(oldest, next)
    })
  }
  if (chunk === 0) {
    const starts = [1, 2].filter(size => size <= M && written + size <= LAST)
    return [
      ...moves,
      ...starts.map(
        (size): Change =>
          next =>
            void Object.assign(next, { chunk: size, write: 0 }),
      ),
    ]
  }
  const writes = writesOf(protocol, written, chunk)
  const write = writes[state.write]
  const inParts = protocol.atomics !== 'whole'
  const loads = inParts && protocol.access.publish === 'rmw'
  const isPublished = writes.findIndex(({ to }) => to === 'head') < state.write
  // The load waits for the stores before it, and not for plain writes.
  if (loads && !state.loaded && !isPublished && stored.length === 0 && mayLoad(state, protocol)) {
    moves.push(next => {
      next.loaded = true
      if (protocol.atomics === 'exclusive') next.between = 'writer'
    })
  }
  if (write === undefined || !canWrite(write, state, protocol)) return moves
  moves.push(next => {
    if (write.to === 'slab') next.slab[write.at] = write.value
    else if (inParts || (write.to === 'head' && protocol.access.publish === 'store')) next.stored = [...stored, write]
    else commit(write, next)
    if (write.to === 'head') next.loaded = false
    next.write++
    if (next.write === writes.length) Object.assign(next, { written: written + chunk, chunk: 0, write: 0 })
  })
  return moves
}

function canWrite({ to }: Write, { stored, loaded }: State, { atomics, access }: Protocol): boolean {
  if (to === 'slab') return true
  // Stores take effect in their order: where they are in parts the later one lines up, else it waits.
  if (atomics === 'whole') return stored.length === 0
  return to !== 'head' || access.publish !== 'rmw' || loaded
}

function mayLoad({ between }: State, { atomics }: Protocol): boolean {
  return atomics !== 'exclusive' || between === 'nobody'
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
    if (isRmw(op, protocol) && (protocol.atomics === 'whole' || state.held)) return moves
  }
  if (op === undefined) return moves
  const finish: Change = next => readerStep(next, op, ops[state.op + 1], protocol)
  if (!isRmw(op, protocol) || protocol.atomics === 'whole') return [...moves, finish]
  if (state.held) {
    moves.push(next => {
      // The value that it has loaded goes back.
      commit({ to: 'head', value: next.low, count: next.truth }, next)
      next.held = false
      finish(next)
    })
  } else if (mayLoad(state, protocol)) {
    moves.push(next => {
      loadHead(next)
      next.held = true
      if (protocol.atomics === 'exclusive') next.between = 'reader'
    })
  }
  return moves
}

function isRmw(op: ReaderOp | undefined, { access }: Protocol): boolean {
  return op?.word === 'head' && op.step !== 'read' && access[op.step] === 'rmw'
}

function loadHead(next: State): void {
  next.low = next.head
  next.truth = next.count
}

function readerStep(next: State, op: ReaderOp, following: ReaderOp | undefined, protocol: Protocol): void {
  next.op++
  if (op.step === 'read') next.due = W * WORDS
  else if (op.word === 'lapsAfter') next.after = next.lapsAfter
  else if (op.word === 'lapsBefore') next.before = next.lapsBefore
  // In parts it was loaded before.
  else if (!isRmw(op, protocol) || protocol.atomics === 'whole') loadHead(next)
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

/** Every interleaving of reading one window, at any time, with the writing of all frames in chunks of 1 to M; `until` one does that damage. */
export function explore(changes: Partial<Protocol> = {}, until?: 'bad' | 'misread'): Outcome {
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
      if (until !== undefined && outcome[until] > 0) break
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
