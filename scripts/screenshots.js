// Makes the pictures of docs/images from a real page on made-up signals: node scripts/screenshots.js. Needs chromium.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const root = join(import.meta.dirname, '..')
process.env.LSLAPICFG = join(root, 'loopback', 'lsl_api.cfg')
process.chdir(join(root, 'loopback'))
const { DefaultServer, ModuleClient, StreamInfo, StreamOutlet, StreamWatcher, getLogger, localClock, startWorkerJob } =
  await import('../dist/index.js')
const { startView } = await import('../dist/view/index.js')

const RATE = 1000
const JOB = new URL('../test/fixtures/jobs/until-stopped.job.js', import.meta.url)
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] // prettier-ignore
const after = ms => new Promise(resolve => setTimeout(resolve, ms))
const logger = getLogger('demo', { noSocketHandler: true })

/** An EEG with alpha waves, sent until the process ends; nothing while `state.paused`, as if they were lost on the way where `state.isLost`. */
function sendEeg(outlet, labels, state) {
  const start = localClock()
  const slow = new Float64Array(3 * labels.length)
  let sent = 0
  setInterval(() => {
    const due = Math.floor((localClock() - start) * RATE)
    if (state.isLost) sent = due
    if (state.paused || due <= sent) return
    const data = new Float32Array((due - sent) * labels.length)
    const times = new Float64Array(due - sent)
    for (let i = 0; i < times.length; i++) {
      const t = (sent + i) / RATE
      times[i] = start + t
      const alpha = 18 * (0.5 + 0.5 * Math.sin(1.3 * t)) * Math.sin(20 * Math.PI * t)
      labels.forEach((_, c) => {
        const white = Math.random() + Math.random() + Math.random() - 1.5
        slow[3 * c] = 0.99765 * slow[3 * c] + 0.099 * white
        slow[3 * c + 1] = 0.963 * slow[3 * c + 1] + 0.2965 * white
        slow[3 * c + 2] = 0.57 * slow[3 * c + 2] + 1.05 * white
        const noise = 5 * (slow[3 * c] + slow[3 * c + 1] + slow[3 * c + 2])
        data[i * labels.length + c] = state.flat === c ? 7 : alpha * (0.2 + (0.8 * c) / labels.length) + noise
      })
    }
    sent = due
    outlet.pushChunk(data, times)
  }, 10)
}

/** A schema that describes these properties and takes everything. */
const described = properties => ({ '~standard': { version: 1, vendor: 'demo', validate: value => ({ value }), jsonSchema: { input: () => ({ type: 'object', properties }) } } }) // prettier-ignore

/** One stage: streams, two modules and the view of them. */
async function stage(labels) {
  const state = { paused: false, isLost: false, flat: -1 }
  const outlets = [
    { name: 'mock_EEG_stream', type: 'EEG', channelCount: labels.length, nominalSrate: RATE, channels: labels.map(label => ({ label, unit: 'microvolts' })) },
    { name: 'mock_EEG_markers', type: 'Markers', channelCount: 1, channelFormat: 'string' },
  ].map(info => new StreamOutlet(new StreamInfo({ ...info, sourceId: info.name }), { engine: 'builtin' })) // prettier-ignore
  sendEeg(outlets[0], labels, state)
  const words = ['stimulus/left', 'stimulus/right', 'alpha/on', 'response']
  let next = 0
  setInterval(() => outlets[1].pushSample([words[next++ % words.length]]), 1900)
  const watchers = outlets.map(({ info }) => new StreamWatcher({ name: info.name, bufferSizeS: 5, engine: 'builtin' }))
  await Promise.all(watchers.map(watcher => watcher.connectToStream({ timeoutS: 30 })))
  const servers = [
    { name: 'decoder', field: { threshold: { type: 'number', default: 12.5, unit: 'µV²' } } },
    { name: 'stim', field: { amplitude: { type: 'number', default: 1.5, unit: 'mA', minimum: 0, maximum: 3 } } },
  ].map(({ name, field }) => {
    const server = new DefaultServer({ port: 0, name, logger, pcommandMap: { START: () => startWorkerJob(JOB, { name: 'decode' }) } }) // prettier-ignore
    server.pcommandMap.set('SET', () => 1, { kwargs: described(field) })
    return server
  })
  for (const server of servers) {
    await server.initServer()
    void server.startListening()
  }
  const view = await startView({ port: 0, watchers, modules: servers.map(({ port }) => ({ port })) })
  const room = await new ModuleClient({ port: servers[0].port }).connect()
  room.send('START')
  return { state, view, servers, outlets }
}

const { state, view, servers, outlets } = await stage(['Fp1', 'Fz', 'C3', 'Cz', 'C4', 'Pz', 'O1', 'O2'])
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })
const sizes = [[1440, 900, 'dark'], [768, 1024, 'dark'], [400, 860, 'light']] // prettier-ignore
const pages = []
for (const [width, height, theme] of sizes) {
  const page = await browser.newPage({ viewport: { width, height } })
  await page.goto(`${view.url}?theme=${theme}`)
  pages.push({ page, width })
}
const studio = await browser.newPage()
/** A picture as WebP, which is a third of a PNG. */
const webp = png => studio.evaluate(async url => {
  const image = Object.assign(new Image(), { src: url })
  await image.decode()
  const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height })
  canvas.getContext('2d').drawImage(image, 0, 0)
  return canvas.toDataURL('image/webp', 0.82).split(',')[1]
}, `data:image/png;base64,${png.toString('base64')}`) // prettier-ignore
async function shoot(name) {
  const taken = await Promise.all(pages.map(async ({ page, width }) => ({ png: await page.screenshot(), width })))
  for (const { png, width } of taken)
    writeFileSync(join(root, 'docs', 'images', `view-${name}-${width}.webp`), Buffer.from(await webp(png), 'base64'))
}

await after(9000)
for (const { page } of pages) await page.evaluate(() => document.querySelector('.log .acknowledge')?.click())
for (const { page } of pages) await page.locator('.state.ok').waitFor({ timeout: 60_000 })
await shoot('well')
await pages[0].page.locator('.arm').click()
await after(400)
await shoot('armed')
await pages[0].page.locator('.arm').click()
state.flat = 4
await after(1500)
state.isLost = true
await after(310)
state.isLost = false
await after(1900)
await shoot('look')
state.paused = true
await outlets[0].close()
await servers[1].shutdown()
await after(1500)
await pages[0].page.evaluate(() => document.activeElement?.blur())
await pages[0].page.keyboard.press('Escape')
await after(700)
await shoot('trouble')
await view.close()
await after(2000)
await shoot('not-live')
await browser.close()
process.exit()
