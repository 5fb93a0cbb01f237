// Turns of an EventLoop or of setInterval, on order: answers how late each was, us.
import { parentPort } from 'node:worker_threads'
import { EventLoop } from '../../dist/signal/index.js'

const busy = ms => { for (const end = performance.now() + ms; performance.now() < end;); } // prettier-ignore

async function eventLoop(periodS, workS, turns) {
  const starts = []
  const loop = new EventLoop({ dtS: periodS })
  loop.addCallback(() => {
    starts.push(performance.now())
    if (starts.length === turns) loop.stopEvent.set()
    busy(workS * 1000)
  })
  await loop.run()
  return starts
}

function interval(periodS, workS, turns) {
  return new Promise(resolve => {
    const starts = []
    const timer = setInterval(() => {
      starts.push(performance.now())
      busy(workS * 1000)
      if (starts.length < turns) return
      clearInterval(timer)
      resolve(starts)
    }, periodS * 1000)
  })
}

parentPort.on('message', async ({ how, periodS, workS, turns }) => {
  const starts = await (how === 'EventLoop' ? eventLoop : interval)(periodS, workS, turns)
  const lateMs = starts.map((start, turn) => start - starts[0] - turn * periodS * 1000)
  parentPort.postMessage(lateMs.map(ms => ms * 1000))
})
