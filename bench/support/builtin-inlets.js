// Opens eight inlets on one stream in a process of its own and prints what they cost. node builtin-inlets.js ENGINE NAME
import './loopback.js'
import { readFileSync } from 'node:fs'
import { chooseEngine } from '../../dist/lsl/choose-engine.js'
import { FrameBuffer } from '../../dist/lsl/frame-buffer.js'
import { pullWithin } from '../../dist/lsl/pull-waiter.js'

const INLETS = 8
const PULLS = 500

const engine = chooseEngine({ engine: process.argv[2] })
const [info] = await engine.resolve(`name='${process.argv[3]}'`, { minimum: 1, timeoutS: 10 })
const sink = new FrameBuffer('float32', info.channelCount, 64)

async function open() {
  const inlet = await engine.createInlet(info, { queueFrames: 16_384, recover: false, processing: {} })
  await inlet.open(10)
  return inlet
}

async function pull(inlets, times) {
  for (let i = 0; i < times; i++) for (const inlet of inlets) await pullWithin(inlet, sink, 5)
}

function residentKib() {
  globalThis.gc?.()
  return process.memoryUsage.rss() / 1024
}

function threads() {
  return Number(/Threads:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
}

const threadsBefore = threads()
// The first inlet brings the code of all.
const first = await open()
await pull([first], PULLS)
const before = residentKib()
const inlets = []
for (let i = 1; i < INLETS; i++) inlets.push(await open())
await pull([first, ...inlets], PULLS)
const kibPerInlet = (residentKib() - before) / inlets.length
console.log(JSON.stringify({ kibPerInlet, threads: threads() - threadsBefore }))
process.exit(0)
