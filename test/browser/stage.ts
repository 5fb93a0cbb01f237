import { uniqueName } from '../support/loopback.js'
import { testFolder } from '../support/project.js'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import type { Browser, Locator, Page } from 'playwright-core'
import type { Test } from 'tap'
import type { DefaultServer } from '../../src/server/default-server.js'
import type { PCommandMap } from '../../src/server/command-table.js'
import type { DefaultServerOptions } from '../../src/server/server-options.js'
import type { StreamOutlet } from '../../src/lsl/stream-outlet.js'
import type { StreamWatcher } from '../../src/stream-watcher.js'
import type { View, ViewOptions } from '../../src/view/index.js'
import { recordingLogger } from '../support/server/client.js'
import type { LogRecord } from '../support/server/client.js'

/** What is served is bundled by the build: these tests run on the built code. */
const built = (file: string): Promise<unknown> => import(pathToFileURL(join(testFolder, '..', 'dist', file)).href)
type Package = typeof import('../../src/index.js')
export const dareplane = (await built('index.js')) as Package
const { startView } = (await built('view/index.js')) as typeof import('../../src/view/index.js')

const PLACES = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
/** Where a browser is, or undefined: then the tests are skipped with a message. */
const CHROMIUM = PLACES.find(place => place !== '' && existsSync(place))
export const NO_BROWSER = CHROMIUM === undefined ? 'no chromium is installed (apt-get install chromium)' : false

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
] // prettier-ignore

/** A browser with a profile of its own, closed at the end of the test. */
export async function browserOf(t: Test): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: FLAGS })
  t.teardown(() => browser.close())
  return browser
}

export interface Sender {
  readonly name: string
  readonly outlet: StreamOutlet
  readonly watcher: StreamWatcher
  stop(): void
  /** Sends nothing while it is held, and then all that was due meanwhile. */
  hold(isHeld: boolean): void
}

/** Sends `value(t, channel)` at `rate` until it is stopped, and watches it. */
export async function sender(
  t: Test,
  {
    name = uniqueName('shown'),
    rate = 250,
    channels = 2,
    unit = 'microvolts',
    /** What is added to the stamps. */
    stampOffsetS = 0,
    value = (time: number, _channel: number): number => Math.sin(2 * Math.PI * time),
  } = {},
): Promise<Sender> {
  const labels = Array.from({ length: channels }, (_, i) => ({ label: `E${i + 1}`, unit, type: 'EEG' }))
  const info = new dareplane.StreamInfo({
    name,
    type: 'EEG',
    channelCount: channels,
    nominalSrate: rate,
    sourceId: name,
    channels: labels,
  })
  const outlet = new dareplane.StreamOutlet(info)
  t.teardown(() => outlet.close())
  const start = dareplane.localClock()
  let sent = 0
  let isHeld = false
  const timer = setInterval(() => {
    const due = Math.floor((dareplane.localClock() - start) * rate)
    if (isHeld || due <= sent) return
    const data = new Float32Array((due - sent) * channels)
    const times = new Float64Array(due - sent)
    for (let i = 0; i < times.length; i++) {
      const time = start + (sent + i) / rate
      times[i] = time + stampOffsetS
      for (let c = 0; c < channels; c++) data[i * channels + c] = value(time, c)
    }
    sent = due
    outlet.pushChunk(data, times)
  }, 10)
  const stop = (): void => clearInterval(timer)
  t.teardown(stop)
  const watcher = new dareplane.StreamWatcher({ name, bufferSizeS: 5 })
  t.teardown(() => watcher.disconnect())
  await watcher.connectToStream({ timeoutS: 30 })
  return { name, outlet, watcher, stop, hold: held => (isHeld = held) }
}

/** A module that listens, and its log. */
export async function module(
  t: Test,
  name: string,
  pcommandMap: PCommandMap,
  options: Partial<DefaultServerOptions> = {},
): Promise<{ server: DefaultServer; records: LogRecord[] }> {
  const { logger, records } = recordingLogger()
  const server = new dareplane.DefaultServer({ port: 0, name, logger, pcommandMap, ...options })
  t.teardown(() => server.shutdown())
  await server.initServer()
  void server.startListening()
  return { server, records }
}

export async function viewOf(t: Test, options: ViewOptions): Promise<View> {
  const view = await startView({ port: 0, ...options })
  t.teardown(() => view.close())
  return view
}

/** The page of a view, with what went wrong in it. */
export async function open(
  browser: Browser,
  view: Pick<View, 'url'>,
  { width = 1440, height = 900, query = '' } = {},
): Promise<Page & { faults: string[] }> {
  const page = await browser.newPage({ viewport: { width, height } })
  const faults: string[] = []
  page.on('pageerror', error => faults.push(error.message))
  page.on('console', message => {
    // A request that fails while the server is away is what the tests are about.
    if (message.type() === 'error' && !/ERR_CONNECTION|WebSocket connection/.test(message.text()))
      faults.push(message.text())
  })
  await page.goto(`${view.url}${query}`)
  await page.waitForFunction(() => document.querySelector('.state') !== null)
  return Object.assign(page, { faults })
}

/** Resolves when the word of the session's state is one of these. */
export async function stateIs(page: Page, ...words: string[]): Promise<void> {
  await page.waitForFunction(
    wanted => wanted.includes(document.querySelector('.state strong')?.textContent ?? ''),
    words,
    { timeout: 60_000, polling: 20 },
  )
}

/** Arms the page and holds a button for as long as it takes. */
export async function holdArmed(page: Page, button: Locator): Promise<void> {
  await page.locator('.arm:enabled').click()
  await page.locator('.modules.armed').waitFor()
  await button.hover()
  await page.mouse.down()
  await page.locator('.modules:not(.armed)').waitFor()
  await page.mouse.up()
}
