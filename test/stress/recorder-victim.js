// Records until it is killed: node recorder-victim.js FILE TYPE FLUSH_S. Prints how many samples of each stream are on the disk.
import { join } from 'node:path'
import { loopbackFolder } from '../support/project.js'

process.env.LSLAPICFG = join(loopbackFolder, 'lsl_api.cfg')
const { XdfRecorder } = await import('../../src/xdf.js')

const [file, type, flushS] = process.argv.slice(2)
const recorder = new XdfRecorder({ file, streams: `type='${type}'`, engine: 'builtin', flushS: Number(flushS) })
await recorder.start()
// What it says to be on the disk must be there after a kill.
setInterval(() => {
  const { streams } = recorder.stats
  if (streams.length < 3 || streams.some(({ samples }) => samples === 0)) return
  console.log(JSON.stringify(Object.fromEntries(streams.map(({ info, samples }) => [info.name, samples]))))
}, 5)
