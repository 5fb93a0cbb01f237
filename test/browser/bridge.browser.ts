import { uniqueName } from '../support/loopback.js'
import { copyFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import type { StreamInlet } from '../../src/lsl/stream-inlet.js'
import { testFolder } from '../support/project.js'
import { NO_BROWSER, browserOf, dareplane, sender, viewOf } from './stage.js'

const EXAMPLES = join(testFolder, '..', 'examples', 'browser')
const resolve = createRequire(join(testFolder, '..', 'package.json')).resolve

async function inletOf(t: Test, name: string): Promise<StreamInlet> {
  const [info] = await dareplane.resolveByProp('name', name, { timeoutS: 30 })
  if (!info) throw new Error(`no stream ${name}`)
  const inlet = new dareplane.StreamInlet(info)
  t.teardown(() => inlet.close())
  await inlet.open(30)
  return inlet
}

/** The next texts that are none of `skipped`. Throws where none comes for a minute. */
async function texts(inlet: StreamInlet, count: number, ...skipped: readonly string[]): Promise<string[]> {
  const got: string[] = []
  while (got.length < count) {
    const sample = await inlet.pullSample(60)
    if (sample === undefined) throw new Error(`no marker within 60 s after ${JSON.stringify(got)}`)
    const text = String(sample.values[0])
    if (!skipped.includes(text)) got.push(text)
  }
  return got
}

/** An outlet sends to an inlet only what is pushed after it has noticed it: `push` is repeated until something arrives. */
async function heard(inlet: StreamInlet, push: () => Promise<unknown>): Promise<string> {
  for (let tries = 0; tries < 60; tries++) {
    await push()
    const sample = await inlet.pullSample(1)
    if (sample) return String(sample.values[0])
  }
  throw new Error('no marker arrived')
}

t.test('the plain page sends its events as markers, and is cross-origin isolated', { skip: NO_BROWSER }, async t => {
  const { watcher } = await sender(t)
  const browser = await browserOf(t)
  const view = await viewOf(t, { watchers: [watcher], serve: EXAMPLES })
  const page = await browser.newPage()
  const faults: string[] = []
  page.on('pageerror', error => faults.push(error.message))
  const stream = uniqueName('reaction-time')
  await page.goto(`${view.url}serve/?stream=${stream}`)
  t.equal(await page.evaluate(() => crossOriginIsolated), true)
  await page.locator('#target:visible').waitFor()
  const inlet = await inletOf(t, stream)
  // The stimulus was sent before the inlet was there, or is the first that arrives.
  const first = await heard(inlet, () => page.locator('#target').click())
  t.equal(first === 'stimulus' ? (await texts(inlet, 1))[0] : first, 'response')
  t.same(faults, [])
})

t.test('a page reads a stream through shared memory, with the reader that Node has', { skip: NO_BROWSER }, async t => {
  const { watcher, name } = await sender(t, { value: (time, channel) => time + channel })
  const browser = await browserOf(t)
  const view = await viewOf(t, { watchers: [watcher] })
  const page = await browser.newPage()
  await page.goto(view.url)
  const seen = await page.evaluate(async name => {
    const bridge = '/dareplane-browser.js'
    const { connect, RingReader } = (await import(bridge)) as typeof import('../../src/browser/index.js')
    const dareplane = await connect()
    const reader = await dareplane.watch(name)
    let frames = 0
    for await (const window of reader.windows()) {
      frames += window.frames
      if (frames > 100) break
    }
    const handle = reader.share()
    const other = RingReader.attach(handle)
    const answer = {
      isShared: handle.control instanceof SharedArrayBuffer,
      same: other.latest(1).data[1] === reader.latest(1).data[1],
      ageS: dareplane.localClock() - reader.lastT,
      lost: reader.lost,
    }
    dareplane.close()
    return answer
  }, name)
  t.match(seen, { isShared: true, same: true, lost: 0 })
  t.ok(seen.ageS > -0.1 && seen.ageS < 30, `the newest sample is ${seen.ageS} s old on the page's clock`)
})

t.test('the jsPsych extension marks the begin and the end of a trial', { skip: NO_BROWSER }, async t => {
  const folder = t.testdir({})
  copyFileSync(join(EXAMPLES, 'jspsych-extension.js'), join(folder, 'jspsych-extension.js'))
  copyFileSync(join(dirname(resolve('jspsych')), 'index.browser.min.js'), join(folder, 'jspsych.js'))
  copyFileSync(
    join(dirname(resolve('@jspsych/plugin-html-keyboard-response')), 'index.browser.min.js'),
    join(folder, 'plugin.js'),
  )
  const stream = uniqueName('jspsych')
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html><script src="jspsych.js"></script><script src="plugin.js"></script><script type="module">
    import { DareplaneExtension } from './jspsych-extension.js'
    const jsPsych = initJsPsych({ extensions: [{ type: DareplaneExtension }] })
    window.trials = async () => {
      await jsPsych.run([{ type: jsPsychHtmlKeyboardResponse, stimulus: '<p id="shown">x</p>',
        extensions: [{ type: DareplaneExtension, params: { marker: 'x' } }] }])
      return jsPsych.data.get().values()
    }
    await DareplaneExtension.connect({ stream: '${stream}' })
    const { connect } = await import('/dareplane-browser.js')
    const markers = (await connect()).markers('${stream}')
    window.hello = () => markers.push('hello')
    window.ready = true
    </script>`,
  )
  const browser = await browserOf(t)
  const view = await viewOf(t, { watchers: [], serve: folder })
  const page = await browser.newPage()
  await page.goto(`${view.url}serve/`)
  await page.waitForFunction(() => (window as unknown as { ready?: boolean }).ready === true)
  const inlet = await inletOf(t, stream)
  await heard(inlet, () => page.evaluate(() => (window as unknown as { hello(): Promise<void> }).hello()))
  const running = page.evaluate(() => (window as unknown as { trials(): Promise<{ lsl_time: number }[]> }).trials())
  await page.locator('#shown').waitFor()
  await page.keyboard.press('a')
  const [trial] = await running
  t.same(await texts(inlet, 2, 'hello'), ['x/start', 'x/end'])
  t.ok(Math.abs((trial?.lsl_time ?? NaN) - dareplane.localClock()) < 60)
})
