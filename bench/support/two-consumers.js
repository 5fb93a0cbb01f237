// A sender process with two equal streams: one goes through a StreamWatcher, the other through a plain pull loop.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { localClock, StreamWatcher } from '../../dist/index.js'

export async function twoConsumers({ channels, rate, bufferSamples }) {
  const unique = `bench-${process.pid}-${process.hrtime.bigint()}`
  const names = [`${unique}-watcher`, `${unique}-plain`]
  const setup = JSON.stringify({ names, channels, rate })
  const sender = fork(new URL('./sender.js', import.meta.url), [setup], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(sender, 'message')

  const watcher = new StreamWatcher({ name: names[0], bufferSamples })
  await watcher.connectToStream({ timeoutS: 10 })
  const plain = new Worker(new URL('./plain-pull.worker.js', import.meta.url), {
    workerData: { name: names[1], channels, queueS: Math.ceil((2 * bufferSamples) / rate) },
  })
  await once(plain, 'message')

  const send = async order => {
    sender.send(order)
    const [sent] = await once(sender, 'message')
    return sent
  }

  return {
    watcher,
    /** Sends, and reads the windows on this thread; answers the clock at the last frame and the latencies of the newest of each window. */
    async throughWatcher(order) {
      const sending = send({ stream: 0, ...order })
      const latencies = []
      let got = 0
      let lastS = 0
      for await (const window of watcher.windows()) {
        lastS = localClock()
        got += window.frames
        if (window.lost > 0) throw new Error(`${window.lost} frames were lapped: the bench measures nothing`)
        latencies.push(lastS - window.times[window.frames - 1])
        watcher.takeNew()
        if (got >= order.frames) break
      }
      return { got, lastS, latencies, ...(await sending) }
    },
    async throughPlainLoop(order) {
      plain.postMessage({ frames: order.frames })
      const [[received], sent] = await Promise.all([once(plain, 'message'), send({ stream: 1, ...order })])
      return { ...received, ...sent, messageS: localClock() }
    },
    async close() {
      plain.postMessage({ close: true })
      await Promise.all([watcher.disconnect(), once(plain, 'exit')])
      sender.disconnect()
      await once(sender, 'exit')
    },
  }
}
