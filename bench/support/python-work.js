import { compiledLimit, noPython, Peer } from './peers.js'

/** A contender that has Python do `order` in batches (ring_peer.py, or another); its process lives for one case: `stop` ends it. */
export async function pythonWork(label, order, scale = 1, file = 'ring_peer.py') {
  if (noPython) return { label, absent: noPython }
  const peer = Peer.python(file)
  await peer.answer()
  const measure = async () => (await peer.ask(JSON.stringify(order))).map(ns => ns * scale)
  return { label, measure, stop: () => peer.stop() }
}

/** For a case's close(): ends the contenders that have a process. */
export const stopAll = contenders => Promise.all(contenders.map(({ stop }) => stop?.()))

/** A contender that has a C program of bench/limits answer `line`. */
export async function compiledWork(label, name, line) {
  const { program, absent } = compiledLimit(name)
  if (absent) return { label, absent }
  const peer = new Peer(program, [])
  await peer.answer()
  return { label, measure: () => peer.ask(line), stop: () => peer.stop() }
}
