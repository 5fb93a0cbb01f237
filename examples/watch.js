import { getStreamNames, StreamWatcher } from 'dareplane-utils'

const [name = 'dareplane-eeg'] = process.argv.slice(2)
console.log('on the network:', await getStreamNames())
const watcher = new StreamWatcher({ name, bufferSizeS: 1 })
await watcher.connectToStream({ timeoutS: 10 })
watcher.on('lost', ({ reason }) => console.warn(reason))
process.once('SIGINT', () => watcher.disconnect())

// Wakes when frames arrive. `data` is a view of shared memory, not a copy: look at it, then ask whether it stayed whole.
for await (const window of watcher.windows({ minFrames: 50 })) {
  const mean = window.data.reduce((sum, value) => sum + value, 0) / window.data.length
  if (window.isIntact()) console.log(`frame ${window.start}: mean ${mean.toFixed(2)}, lost ${window.lost}`)
}
