import type { Socket } from 'node:dgram'
import { isMainThread } from 'node:worker_threads'
import { sharedWords } from '../../../system/shared-words.js'

/*
 * A datagram that reaches a thread while node ends it aborts the whole process (UDPWrap::OnRecv, "FromJust Maybe value is Nothing").
 * So the main thread has all others close their UDP sockets before the process ends.
 *
 *   words  | IS_LEAVING | OPEN |     OPEN counts the threads that have UDP sockets
 */
const IS_LEAVING = 0
const OPEN = 1
/** A thread that computes does not hear of it in time, but neither does it receive. */
const LONGEST_WAIT_MS = 300

const words = sharedWords('udp', 2)
const sockets = new Set<Socket>()
let isListening = false

if (isMainThread) process.on('exit', awaitOthers)

function awaitOthers(): void {
  Atomics.store(words, IS_LEAVING, 1)
  Atomics.notify(words, IS_LEAVING)
  const endMs = performance.now() + LONGEST_WAIT_MS
  for (;;) {
    const open = Atomics.load(words, OPEN)
    const leftMs = endMs - performance.now()
    if (open <= 0 || leftMs <= 0) return
    Atomics.wait(words, OPEN, open, leftMs)
  }
}

/** Closes a socket of a worker thread when the process ends, if it is still open then. */
export function closeAtExit(socket: Socket): void {
  if (isMainThread) return
  if (sockets.size === 0) count(1)
  sockets.add(socket)
  socket.once('close', () => {
    sockets.delete(socket)
    if (sockets.size === 0) count(-1)
  })
  if (Atomics.load(words, IS_LEAVING) === 1) close(socket)
  else if (!isListening) listen()
}

function close(socket: Socket): void {
  try {
    socket.close()
  } catch {
    // Its owner is closing it already.
  }
}

function count(more: number): void {
  Atomics.add(words, OPEN, more)
  Atomics.notify(words, OPEN)
}

function listen(): void {
  isListening = true
  // A thread that ends by process.exit() has no more of them.
  process.once('exit', () => {
    if (sockets.size > 0) count(-1)
  })
  void (async () => {
    await Atomics.waitAsync(words, IS_LEAVING, 0).value
    for (const socket of sockets) close(socket)
  })()
}
