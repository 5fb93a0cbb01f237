// A whole viewer of one stream, drawn by the processor alone: CPU of all its processes. Ours is `dareplane view` with its page in headless
// Chromium, beside it the viewer of mne-lsl in an offscreen Qt, where VIEWER_PYTHON names a Python that has mne-lsl, pyqtgraph and PyQt6. Linux.
import './support/loopback.js'
import { fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'
import { platform } from '../dist/system/platform.js'

const SECONDS = { full: 10, quick: 3 }
/** From the start of a viewer until it draws a whole screen. */
const SETTLED_MS = 8000
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const CLI = join(import.meta.dirname, '..', 'dist', 'bin.js')
const STREAM = { names: [`viewed-${process.pid}`], channels: 64, rate: 1000 }
const python = process.env.VIEWER_PYTHON
const viewerOfMne = `from mne_lsl.stream_viewer import StreamViewer; StreamViewer('${STREAM.names[0]}').start()`
const hasMne =
  python && spawnSync(python, ['-c', 'import mne_lsl.stream_viewer, pyqtgraph, PyQt6.QtWidgets']).status === 0

/** Parent and CPU seconds of a process. */
function statOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { parent: Number(fields[1]), cpuS: (Number(fields[11]) + Number(fields[12])) / 100 }
}

/** CPU seconds so far of a process and all that it has started. */
function cpuOf(root) {
  const all = new Map()
  for (const pid of readdirSync('/proc').map(Number).filter(Boolean)) {
    try {
      all.set(pid, statOf(pid))
    } catch {
      // It has ended meanwhile.
    }
  }
  const isOf = pid => pid === root || (all.has(pid) && isOf(all.get(pid).parent))
  return [...all].reduce((sum, [pid, { cpuS }]) => sum + (isOf(pid) ? cpuS : 0), 0)
}

/** % of a core that these processes take, once they draw. */
async function percentOf(pids, seconds) {
  await new Promise(resolve => setTimeout(resolve, SETTLED_MS))
  const cpuS = () => pids.reduce((sum, pid) => sum + cpuOf(pid), 0)
  const [before, start] = [cpuS(), performance.now()]
  await new Promise(resolve => setTimeout(resolve, 1000 * seconds))
  return [(100 * (cpuS() - before)) / ((performance.now() - start) / 1000)]
}

async function end(child) {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

async function ours(seconds) {
  const view = spawn(process.execPath, [CLI, 'view', '--port', '0', '--predicate', `name='${STREAM.names[0]}'`])
  let url
  for await (const line of createInterface(view.stdout)) if ((url = /http:\S+/.exec(line)?.[0])) break
  const browser = await chromium.launchServer({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu'] }) // prettier-ignore
  const client = await chromium.connect(browser.wsEndpoint())
  const page = await client.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(url)
  await page.locator('.plot canvas').first().waitFor()
  const percent = await percentOf([view.pid, browser.process().pid], seconds)
  await browser.close()
  await end(view)
  return percent
}

async function ofMne(seconds) {
  const viewer = spawn(python, ['-c', viewerOfMne], { env: { ...process.env, QT_QPA_PLATFORM: 'offscreen' }, stdio: 'ignore' }) // prettier-ignore
  const percent = await percentOf([viewer.pid], seconds)
  if (viewer.exitCode !== null) throw new Error('the viewer of mne-lsl has ended')
  await end(viewer)
  return percent
}

export default {
  id: 'viewer-peers (B29)',
  about: 'Whole viewers of one stream: CPU of all their processes',
  async *cases({ quick }) {
    if (platform() !== 'linux' || !existsSync(CHROMIUM)) return
    const seconds = quick ? SECONDS.quick : SECONDS.full
    const sender = fork(new URL('./support/steady-sender.js', import.meta.url), [JSON.stringify(STREAM)])
    await once(sender, 'message')
    yield {
      name: `one stream x ${STREAM.channels} channels x ${STREAM.rate} Hz`,
      unit: '% of a core',
      atMost: quick ? 1 : 5,
      warmUp: false,
      contenders: [
        hasMne
          ? { label: 'viewer of mne-lsl', measure: () => ofMne(seconds) }
          : { label: 'viewer of mne-lsl', absent: 'VIEWER_PYTHON names none' },
        { label: 'dareplane view and its page', measure: () => ours(seconds) },
      ],
      close: () => end(sender),
    }
  },
}
