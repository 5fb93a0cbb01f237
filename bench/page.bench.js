// What the live page costs the browser: the time of a frame while it draws, its longest task, its memory, and how long a sample takes to be
// painted. Headless Chromium; the view runs in a process of its own on a ring that a thread fills. Baseline: a page that draws nothing.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const SECONDS = { full: 8, quick: 3 }
const RATE = 1000
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu']

/**
 * In the page, before its own scripts: for each column of the first stream, ms from the stamp of its newest sample to the frame
 * in which it is painted. Stroked is what the page has drawn; the frame after it shows it.
 */
function watchPaint() {
  const painted = []
  let offsetS
  let waiting = []
  let isStroked = false
  const Real = WebSocket
  window.WebSocket = class extends Real {
    constructor(url) {
      super(url)
      this.addEventListener('message', ({ data }) => {
        if (typeof data === 'string') {
          const message = JSON.parse(data)
          if (message.type === 'probe') offsetS ??= message.lsl - (message.sent + performance.now()) / 2000
        } else if (new DataView(data).getUint8(0) === 1) {
          const count = new DataView(data).getUint32(12, true)
          for (const [i, stamp] of new Float64Array(data, 32, 2 * count).entries()) if (i % 2 === 1) waiting.push(stamp)
        }
      })
    }
  }
  const stroke = CanvasRenderingContext2D.prototype.stroke
  CanvasRenderingContext2D.prototype.stroke = function (...rest) {
    isStroked = true
    return stroke.apply(this, rest)
  }
  const frame = now => {
    requestAnimationFrame(frame)
    if (!isStroked) return
    isStroked = false
    const shown = waiting
    waiting = []
    // This frame's callbacks have not drawn yet: what was stroked is on the screen since the last one.
    if (offsetS !== undefined) for (const stamp of shown) painted.push(now - 1000 * (stamp - offsetS))
  }
  requestAnimationFrame(frame)
  window.painted = painted
}

/** Frames, longest task and heap of a page while it draws for so long, and how long a sample takes to be painted. */
async function watched(page, seconds) {
  return page.evaluate(async seconds => {
    let longest = 0
    new PerformanceObserver(list => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration)
    }).observe({ entryTypes: ['longtask'] })
    const heap = () => performance.memory.usedJSHeapSize / 1e6
    const before = heap()
    if (window.painted) window.painted.length = 0
    const gaps = []
    const start = performance.now()
    await new Promise(resolve => {
      let last = start
      const count = now => {
        gaps.push(now - last)
        last = now
        if (now - start < 1000 * seconds) requestAnimationFrame(count)
        else resolve()
      }
      requestAnimationFrame(count)
    })
    return { gaps: gaps.slice(1), longest, before, after: heap(), painted: window.painted ?? [] }
  }, seconds)
}

async function measured(channels, seconds) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  let server
  if (channels > 0) {
    server = fork(new URL('./support/view-server.js', import.meta.url), [JSON.stringify({ streams: 1, channels, rate: RATE })]) // prettier-ignore
    const [{ port }] = await once(server, 'message')
    await page.addInitScript(watchPaint)
    await page.goto(`http://127.0.0.1:${port}/`)
    await page.locator('.plot canvas').first().waitFor()
    await page.waitForTimeout(3000)
  }
  const seen = await watched(page, seconds)
  await browser.close()
  if (server) {
    const exited = once(server, 'exit')
    server.disconnect()
    await exited
  }
  return seen
}

export default {
  id: 'page (B28)',
  about: 'The page: frames, tasks and the way to the screen in headless Chromium',
  *cases({ quick }) {
    if (!existsSync(CHROMIUM)) return
    const seconds = quick ? SECONDS.quick : SECONDS.full
    const common = { atMost: quick ? 1 : 3, warmUp: false }
    const notes = new Map()
    const contender = (channels, figure) => ({
      label: channels === 0 ? 'nothing drawn' : `${channels} channels`,
      measure: async () => {
        const seen = await measured(channels, seconds)
        if (channels > 0)
          notes.set(channels, `${channels} channels: heap ${seen.before.toFixed(0)} to ${seen.after.toFixed(0)} MB`)
        return figure(seen)
      },
    })
    const name = `one stream x ${RATE} Hz, 1440 x 900`
    yield {
      ...common,
      name: `frames, ${name}`,
      unit: 'ms a frame',
      contenders: [64, 256, 0].map(channels => contender(channels, ({ gaps }) => gaps)),
      goals: [
        { id: 'P1', goal: '64 channels at 60 frames a second', of: '64 channels', atMost: 17 },
        { id: 'P2', goal: '256 channels at 30 frames a second', of: '256 channels', atMost: 34 },
      ],
      note: () => [...notes.values()].join('; '),
    }
    yield {
      ...common,
      name: `longest task, ${name}`,
      unit: 'ms',
      contenders: [64, 256, 0].map(channels => contender(channels, ({ longest }) => [longest])),
      goals: [64, 256].map(channels => ({ id: `P3-${channels}`, goal: `no task above 50 ms with ${channels} channels`, of: `${channels} channels`, atMost: 50 })), // prettier-ignore
    }
    yield {
      ...common,
      name: `from the stamp of a sample to the frame that shows it, sent every 20 ms, ${name}`,
      unit: 'ms',
      contenders: [256, 64].map(channels => contender(channels, ({ painted }) => painted)),
      goals: [{ id: 'P4', goal: 'half of the samples are seen within 100 ms', of: '64 channels', atMost: 100 }],
    }
  },
}
