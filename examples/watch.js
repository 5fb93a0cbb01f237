import { StreamWatcher } from 'dareplane-utils'

const [name = 'dareplane-eeg'] = process.argv.slice(2)
const watcher = await new StreamWatcher({ name, bufferSizeS: 1 }).connectToStream({ timeoutS: 10 })
watcher.on('lost', ({ reason }) => console.warn(reason))
process.once('SIGINT', () => watcher.disconnect())

// Wakes when samples arrive. `data` is memory that the watcher goes on writing to: use it first, then ask isIntact().
for await (const window of watcher.windows({ minFrames: 50 })) {
  let sum = 0
  for (const value of window.data) sum += value
  const mean = sum / window.data.length
  if (window.isIntact()) console.log(`sample ${window.start}: mean ${mean.toFixed(2)}, missing ${window.lost}`)
}
