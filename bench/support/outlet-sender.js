// An outlet in a process of its own, told how many samples to send: `free` sleeps in its event loop, `blocked` in Atomics.wait,
// `busy` computes 300 ms of each second and pushes in a loop, `found` blocks for good after it was made.
import './loopback.js'
import { localClock, StreamInfo, StreamOutlet } from '../../dist/index.js'

const { name, mode, channels, rate, engine, networkThread } = JSON.parse(process.argv[2])
const never = new Int32Array(new SharedArrayBuffer(4))
const madeS = localClock()
const outlet = new StreamOutlet(new StreamInfo({ name, type: 'Bench', channelCount: channels, nominalSrate: rate }), {
  engine,
  networkThread,
})
const sample = new Float32Array(channels)

const push = () => outlet.pushSample(sample, localClock())

function compute(untilS) {
  while (localClock() < untilS);
}

async function free(frames) {
  const startS = localClock()
  for (let sent = 0; sent < frames;) {
    await new Promise(resolve => setTimeout(resolve, 1))
    for (; sent < frames && startS + sent / rate <= localClock(); sent++) push()
  }
}

function blocked(frames) {
  const startS = localClock()
  for (let sent = 0; sent < frames; sent++) {
    const waitS = startS + sent / rate - localClock()
    if (waitS > 0) Atomics.wait(never, 0, 0, waitS * 1000)
    push()
  }
}

/** One stretch of work a second, in whose middle and at whose end it pushes. */
async function busy(frames) {
  for (let sent = 0; sent < frames; sent++) {
    if (sent % 50 === 0) {
      const startS = localClock()
      compute(startS + 0.15)
      push()
      sent++
      compute(startS + 0.3)
    }
    push()
    await new Promise(resolve => setTimeout(resolve, 1))
  }
}

process.on('message', frames => void { free, blocked, busy }[mode](frames))
process.on('disconnect', () => process.exit())
process.send(madeS, () => {
  if (mode === 'found') Atomics.wait(never, 0, 0)
})
