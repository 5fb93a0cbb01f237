// Baseline: one raw worker notified until its exit; one raw process group signalled until its first process is reaped. As
// many of them show what Node and the kernel take, with which nothing can be done.
import { pythonPeer, startPeer } from './support/server-peer.js'
import { platform } from '../dist/system/platform.js'

async function stopCase(kind, count) {
  const python = pythonPeer()
  const ours = await startPeer('ours', process.execPath, 'stop-ours.js')
  const theirs = python && (await startPeer('Python', python, 'stop-python.py'))
  const measured = (label, peer, what) => ({ label, measure: async () => [Number(await peer.ask(`${kind} ${what}`))] })
  return {
    name: kind === 'threads' ? `${count} worker jobs` : `${count} process trees`,
    unit: 'ms',
    contenders: [
      measured(`stop of ${count}`, ours, count),
      ...(theirs ? [measured(`Python's, of ${count}`, theirs, count)] : []),
      ...(count > 1 ? [measured(`bare, ${count} at once`, ours, `bare ${count}`)] : []),
      measured('bare, one', ours, 'bare 1'),
    ],
    close: () => Promise.all([ours, theirs].map(peer => peer?.stop())),
  }
}

export default {
  id: 'server-stop',
  about: 'from the stop until every job is gone',
  async *cases({ quick }) {
    const counts = quick ? [1, 8] : [1, 8, 64]
    for (const count of counts) yield stopCase('threads', count)
    if (platform() !== 'windows') for (const count of counts) yield stopCase('trees', count)
  },
}
