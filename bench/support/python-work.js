import { noPython, Peer } from './peers.js'

/** A contender that has Python do `order` in batches (ring_peer.py); its process lives for one case: `stop` ends it. */
export async function pythonWork(label, order, scale = 1) {
  if (noPython) return { label, absent: noPython }
  const peer = Peer.python('ring_peer.py')
  await peer.answer()
  const measure = async () => (await peer.ask(JSON.stringify(order))).map(ns => ns * scale)
  return { label, measure, stop: () => peer.stop() }
}

/** For a case's close(): ends the contenders that have a process. */
export const stopAll = contenders => Promise.all(contenders.map(({ stop }) => stop?.()))
