// Sends its life and a number that counts, from the message 'go' on. What it had sent is in a file that outlives a kill.
import { openSync, writeSync } from 'node:fs'
import { localClock, StreamInfo, StreamOutlet } from '../../../src/index.js'
import { ownFigures } from './own-figures.js'

const { name, life, format, rate, sentFile, channelCount = 2 } = JSON.parse(process.argv[2])
const isText = format === 'string'
const info = { name, type: 'chaos', sourceId: name, channelCount, channelFormat: format }
const outlet = new StreamOutlet(new StreamInfo({ ...info, nominalSrate: isText ? 0 : rate }), { engine: 'builtin' })
const file = openSync(sentFile, 'w')
const words = new Float64Array(2)
const zeros = Array.from({ length: channelCount - 2 }, () => 0)

// That it is received, before it counts.
const hello = setInterval(() => outlet.pushSample(isText ? [String(life), '-1'] : [life, -1, ...zeros]), 50)

let start
let pushed = 0
let end = Infinity
const send = () => {
  // All of the turns before has left this process.
  words.set([life, pushed])
  writeSync(file, words, 0, 16, 0)
  const due = Math.min(end, Math.floor((localClock() - start) * rate))
  for (; pushed < due; pushed++) outlet.pushSample(isText ? [String(life), String(pushed)] : [life, pushed, ...zeros])
}
process.on('message', message => {
  if (message.go) {
    clearInterval(hello)
    start = localClock()
    setInterval(send, 10)
  }
  if (message.ask === 'pushed') {
    end = pushed
    process.send({ pushed })
  }
  if (message.ask === 'figures') process.send({ figures: ownFigures() })
})
process.once('disconnect', () => process.exit())
process.send({ ready: true })
