import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRequire } from 'node:module'
import t from 'tap'
import { fakeJob } from '../support/server/fake-job.js'
import { NO_BROWSER, browserOf, dareplane, module, open, sender, stateIs, viewOf } from './stage.js'

t.test('a known sine is on the screen with its size, and plus is up', { skip: NO_BROWSER }, async t => {
  // A step each second, of 40 microvolts up on the first channel and 40 down on the second.
  const { watcher } = await sender(t, { value: (time, c) => (time % 1 > 0.5 ? (c === 0 ? 40 : -40) : 0) })
  const browser = await browserOf(t)
  const view = await viewOf(t, { watchers: [watcher] })
  const page = await open(browser, view)
  await stateIs(page, 'ALL WELL', 'LOOK')
  await page.locator('.signal .select', { hasText: 'display filter' }).locator('select').selectOption({ label: 'none' })
  await page.locator('.signal select').first().selectOption('50')
  await page.waitForTimeout(6000)
  // For each lane: the rows, from the middle of the lane, where the trace mostly is.
  const lanes = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('.plot canvas')
    const context = canvas?.getContext('2d')
    if (!canvas || !context) return undefined
    const ratio = canvas.width / canvas.clientWidth
    const [top, bottom, left, right] = [24, canvas.clientHeight - 22, 56, canvas.clientWidth - 66]
    const laneHeight = (bottom - top) / 2
    const { data, width } = context.getImageData(0, 0, canvas.width, canvas.height)
    const back = [data[4 * (2 + 2 * width)], data[4 * (2 + 2 * width) + 1], data[4 * (2 + 2 * width) + 2]]
    return [0, 1].map(lane => {
      const counts = new Map<number, number>()
      const from = Math.round((top + lane * laneHeight) * ratio)
      for (let y = from; y < from + laneHeight * ratio; y++) {
        let count = 0
        for (let x = Math.round(left * ratio); x < right * ratio; x++) {
          const at = 4 * (x + y * width)
          const far = [0, 1, 2].reduce((sum, c) => sum + Math.abs((data[at + c] ?? 0) - (back[c] ?? 0)), 0)
          if (far > 90) count++
        }
        if (count > 0.25 * (right - left) * ratio)
          counts.set(Math.round(y / ratio - top - (lane + 0.5) * laneHeight), count)
      }
      return { rows: [...counts.keys()], laneHeight }
    })
  })
  if (!lanes) throw new Error('no canvas')
  const [first, second] = lanes
  const expected = (40 / 50) * ((first?.laneHeight ?? NaN) / 2)
  const near = (rows: readonly number[], wanted: number): boolean => rows.some(row => Math.abs(row - wanted) <= 2)
  t.ok(near(first?.rows ?? [], -expected), `plus 40 is ${expected} pixels up: ${JSON.stringify(first)}`)
  t.notOk(near(first?.rows ?? [], expected), 'and not down')
  t.ok(near(second?.rows ?? [], expected), `minus 40 is down: ${JSON.stringify(second)}`)
  t.ok(near(first?.rows ?? [], 0) && near(second?.rows ?? [], 0), 'zero is in the middle of the lane')
  t.same(page.faults, [])
})

t.test(
  'an outlet that dies is told, with what is missing, and so is a page without news',
  { skip: NO_BROWSER },
  async t => {
    const source = await sender(t)
    const browser = await browserOf(t)
    const view = await viewOf(t, { watchers: [source.watcher] })
    const page = await open(browser, view)
    await stateIs(page, 'ALL WELL', 'LOOK')
    // The page notes when its word changes, against its own clock.
    await page.evaluate(() => {
      const watch = window as unknown as { changedAt?: number }
      new MutationObserver(() => {
        if (document.querySelector('.state strong')?.textContent === 'TROUBLE') watch.changedAt ??= Date.now()
      }).observe(document.body, { subtree: true, childList: true, characterData: true })
    })
    const diedAt = Date.now()
    source.stop()
    await source.outlet.close()
    await stateIs(page, 'TROUBLE')
    // On a busy machine it may have been so for a moment before the page noted it.
    const noted = await page.waitForFunction(() => (window as unknown as { changedAt?: number }).changedAt)
    const told = (await noted.jsonValue()) ?? NaN
    t.comment(`told after ${told - diedAt} ms, promised 500`)
    t.ok(told - diedAt < 5000)
    // The log may tell it a moment before the stream's own figures do.
    await page.locator('.stream', { hasText: /(LOST|STALLED).*so far/ }).waitFor()
    t.match(await page.locator('.stream .figures').first().textContent(), /rate– of/)

    await view.close()
    await stateIs(page, 'NOT LIVE')
    t.ok(await page.locator('.sign').isVisible())
    t.equal(await page.locator('.arm').isDisabled(), true)
    t.equal(await page.locator('.stop-all').isEnabled(), true)
    t.same(page.faults, [])
  },
)

t.test(
  'what comes late, over the turn of a sweep, takes nothing of the last one away',
  { skip: NO_BROWSER },
  async t => {
    const SPAN_MS = 5000
    const source = await sender(t)
    const browser = await browserOf(t)
    const view = await viewOf(t, { watchers: [source.watcher] })
    const page = await open(browser, view)
    await stateIs(page, 'ALL WELL', 'LOOK')
    // Sweeps begin at multiples of the span on the wall clock. A whole one, and most of the next.
    const untilTurn = (): number => SPAN_MS - (Date.now() % SPAN_MS)
    await page.waitForTimeout(untilTurn() + SPAN_MS - 1500)
    source.hold(true)
    await page.locator('.stream', { hasText: /STALLED|LOST/ }).waitFor()
    await page.waitForTimeout(untilTurn() + 300)
    source.hold(false)
    await page.locator('.stream', { hasText: /recovered|connected/ }).waitFor()
    await page.waitForTimeout(500)
    const share = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.plot canvas')
      const context = canvas?.getContext('2d')
      if (!canvas || !context) return 0
      const { width, height } = canvas
      const ratio = width / canvas.clientWidth
      const { data } = context.getImageData(0, 0, width, height)
      const [left, right, top, bottom] = [58, canvas.clientWidth - 68, 26, canvas.clientHeight - 24].map(edge =>
        Math.round(edge * ratio),
      ) as [number, number, number, number]
      const isFar = (at: number): boolean =>
        [0, 1, 2].reduce((sum, c) => sum + Math.abs((data[at + c] ?? 0) - (data[4 * (2 + 2 * width) + c] ?? 0)), 0) > 60
      let painted = 0
      for (let x = left; x < right; x++)
        for (let y = top; y < bottom; y++)
          if (isFar(4 * (x + y * width))) {
            painted++
            break
          }
      return painted / (right - left)
    })
    t.ok(share > 0.9, `${(100 * share).toFixed(0)} % of the columns have a trace`)
  },
)

t.test('the page is there again when the view is, and is not armed', { skip: NO_BROWSER }, async t => {
  const { watcher } = await sender(t)
  const browser = await browserOf(t)
  const { server, records } = await module(t, 'stim', { START: () => 1 })
  const first = await viewOf(t, { watchers: [watcher], server })
  const page = await open(browser, first)
  await stateIs(page, 'ALL WELL', 'LOOK')
  await page.locator('.arm').click()
  await page.locator('.modules.armed').waitFor()
  const { port } = first
  await first.close()
  await stateIs(page, 'NOT LIVE')
  await viewOf(t, { watchers: [watcher], server, port })
  await stateIs(page, 'ALL WELL', 'LOOK')
  t.equal(await page.locator('.modules.armed').count(), 0)
  await page.reload()
  await stateIs(page, 'ALL WELL', 'LOOK')
  t.equal(await page.locator('.modules.armed').count(), 0)
  t.notOk(
    records.some(({ msg }) => msg === 'command is run'),
    'nothing was sent',
  )
})

t.test('START needs arming and a second of holding: nothing else sends it', { skip: NO_BROWSER }, async t => {
  const { watcher } = await sender(t)
  const browser = await browserOf(t)
  const { server, records } = await module(t, 'stim', { START: () => fakeJob() })
  const view = await viewOf(t, { watchers: [watcher], server })
  const page = await open(browser, view)
  const start = page.locator('.command').first()
  await start.waitFor()
  const received = (): number =>
    records.filter(({ msg, pcomm }) => msg === 'command is run' && pcomm === 'START').length

  await start.click({ force: true })
  await start.click({ force: true, delay: 1300 })
  await start.dblclick({ force: true })
  await start.focus()
  await page.keyboard.press('Enter')
  await page.keyboard.down('Space')
  await page.waitForTimeout(1200)
  await page.keyboard.up('Space')
  await page.locator('.arm').click()
  await page.locator('.command.open').waitFor()
  await start.click()
  await start.dblclick()
  await start.focus()
  await page.keyboard.down('Enter')
  await page.waitForTimeout(1200)
  await page.keyboard.up('Enter')
  t.equal(received(), 0, 'unarmed, clicked, double-clicked, by Enter and Space: no START arrived')

  await page.locator('.command.open').first().waitFor()
  await start.hover()
  await page.mouse.down()
  await page.waitForTimeout(500)
  await page.mouse.up()
  await page.waitForTimeout(800)
  t.equal(received(), 0, 'held for half a second: no START arrived')

  await page.mouse.down()
  await page.locator('.job').waitFor({ timeout: 30_000 })
  await page.mouse.up()
  t.equal(received(), 1, 'armed and held: exactly one')
  t.equal(await page.locator('.modules.armed').count(), 0, 'it is disarmed at once')
  await page.locator('.command', { hasText: 'runs' }).waitFor()
  await page.locator('.arm').click()
  await start.click({ force: true, delay: 1300 })
  t.equal(received(), 1, 'while its job runs START is locked')
  t.same(page.faults, [])
})

t.test('a page that cannot draw says that it is not live, and can still stop', { skip: NO_BROWSER }, async t => {
  const browser = await browserOf(t)
  const job = fakeJob()
  const { server } = await module(t, 'stim', { START: () => job })
  const view = await viewOf(t, { watchers: [], server })
  const room = new dareplane.ModuleClient({ port: server.port })
  t.teardown(() => room.close())
  await room.connect()
  room.send('START')
  const page = await browser.newPage()
  await page.addInitScript(() => {
    const parse = JSON.parse.bind(JSON)
    JSON.parse = (text: string) => {
      const message = parse(text) as { type: string; modules: unknown }
      return message.type === 'status' ? { ...message, modules: [null] } : message
    }
  })
  await page.goto(view.url)
  await page.locator('.failed', { hasText: 'NOT LIVE' }).waitFor()
  await page.locator('.failed .stop-all').dispatchEvent('pointerdown', { button: 0 })
  t.match(await job.done, { outcome: 'returned' })
})

t.test(
  'STOP ALL ends twenty jobs with one press, and says so only when they have ended',
  { skip: NO_BROWSER },
  async t => {
    const browser = await browserOf(t)
    const jobs = Array.from({ length: 20 }, (_, i) => fakeJob(`job ${i}`))
    let next = 0
    const { server } = await module(t, 'many', { START: () => jobs[next++] ?? 0 })
    const view = await viewOf(t, { watchers: [], server })
    const page = await open(browser, view)
    const room = new dareplane.ModuleClient({ port: server.port })
    t.teardown(() => room.close())
    await room.connect()
    for (let i = 0; i < 20; i++) room.send('START')
    await page.locator('.job').nth(19).waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.stop-all.stopped').waitFor()
    t.ok(jobs.every(({ stops }) => stops === 1))
    t.match(
      await page.locator('.stop-all').textContent(),
      /Stopped at \d\d:\d\d:\d\d\.\d\d \(\d+\sms\)20 of 20 jobs ended/,
    )
    t.same(page.faults, [])
  },
)

t.test('a STOP that nobody answers is not called stopped', { skip: NO_BROWSER }, async t => {
  const browser = await browserOf(t)
  const silent = createServer()
  silent.listen(0, '127.0.0.1')
  t.teardown(() => silent.close())
  await new Promise(resolve => silent.once('listening', resolve))
  const view = await viewOf(t, {
    watchers: [],
    modules: [{ port: (silent.address() as AddressInfo).port, name: 'mute' }],
  })
  const page = await open(browser, view)
  await page.locator('.card').waitFor()
  await page.locator('.stop-all').dispatchEvent('pointerdown', { button: 0 })
  await page.locator('.stop-all.unconfirmed').waitFor({ timeout: 30_000 })
  t.match(await page.locator('.stop-all').textContent(), /STOP NOT CONFIRMED.*mute may run/)
  t.match(await page.locator('.card .alarm').textContent(), /STOP not confirmed here/)

  await view.close()
  await stateIs(page, 'NOT LIVE')
  await page.keyboard.press('Escape')
  await page.locator('.stop-all', { hasText: 'cannot be reached' }).waitFor({ timeout: 30_000 })
  t.match(await page.locator('.stop-all').textContent(), /STOP NOT CONFIRMED/)
})

t.test('a page of another site gets no signal and stops nothing', { skip: NO_BROWSER }, async t => {
  const { watcher } = await sender(t)
  const browser = await browserOf(t)
  const view = await viewOf(t, { watchers: [watcher] })
  const foreign = createServer((_, response) => response.end('<title>foreign</title>'))
  foreign.listen(0, '127.0.0.1')
  t.teardown(() => foreign.close())
  await new Promise(resolve => foreign.once('listening', resolve))
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`)
  const outcome = await page.evaluate(async url => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}ws`)
    const heard = await new Promise<string>(resolve => {
      socket.onmessage = () => resolve('a message')
      socket.onclose = () => resolve('closed')
    })
    const stop = await fetch(`${url}stop`, { method: 'POST', mode: 'no-cors' }).then(
      ({ type }) => type,
      () => 'refused',
    )
    const framed = document.createElement('iframe')
    framed.src = url
    document.body.append(framed)
    return { heard, stop }
  }, view.url)
  t.equal(outcome.heard, 'closed')
  const own = await open(browser, view)
  await stateIs(own, 'ALL WELL', 'LOOK')
  t.notMatch(await own.locator('.log').textContent(), /STOP ALL/, 'no STOP arrived')
})

t.test('texts of streams and modules are text, never markup', { skip: NO_BROWSER }, async t => {
  const evil = '<img src=x onerror="window.hit=1"><b>x</b>'
  const { watcher } = await sender(t)
  const browser = await browserOf(t)
  const view = await viewOf(t, { watchers: [watcher] })
  const page = await open(browser, view)
  view.showRecord({
    name: evil,
    levelname: 'INFO',
    levelno: 20,
    created: Date.now() / 1000,
    message: evil,
    field: evil,
  })
  await page.locator('.line', { hasText: 'onerror' }).waitFor()
  t.equal(await page.locator('.log img, .log .line b').count(), 0)
  t.equal(await page.evaluate(() => (window as unknown as { hit?: number }).hit), undefined)
})

t.test('axe finds nothing at any width, dark and light', { skip: NO_BROWSER }, async t => {
  const { watcher } = await sender(t, { channels: 8 })
  const browser = await browserOf(t)
  const { server } = await module(t, 'stim', { START: () => fakeJob(), SET: () => 1 })
  const view = await viewOf(t, { watchers: [watcher], server })
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  for (const width of [1440, 1280, 768, 400])
    for (const theme of ['dark', 'light']) {
      const page = await open(browser, view, { width, height: 900, query: `?theme=${theme}` })
      await stateIs(page, 'ALL WELL', 'LOOK', 'TROUBLE')
      await page.locator('.command').first().waitFor({ state: 'attached' })
      // The page's own policy forbids scripts from elsewhere: this one comes through the debugger.
      await page.evaluate(axe)
      const violations = await page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
        }
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
      })
      t.same(violations, [], `${width} ${theme}`)
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      t.ok(overflow <= 0, `nothing is wider than ${width} pixels`)
      await page.close()
    }
})
