import { uniqueName } from '../support/loopback.js'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import type { Test } from 'tap'
import type { Page } from 'playwright-core'
import type { DefaultServer } from '../../src/server/default-server.js'
import { within } from '../../src/system/within.js'
import { childEnvironment, kill } from '../support/child.js'
import { Dareplane } from '../support/dareplane.js'
import { fixture } from '../support/project.js'
import { fakeJob } from '../support/server/fake-job.js'
import type { FakeJob } from '../support/server/fake-job.js'
import { NO_BROWSER, browserOf, dareplane, holdArmed, module, open, sender, stateIs, viewOf } from './stage.js'

/** How the job ended; undefined where nothing has stopped it for long. */
const ended = (job: FakeJob): Promise<unknown> => within(20_000, job.done)

/** A control room beside the view, which starts jobs. */
async function roomOf(
  t: Test,
  { port }: { readonly port: number },
): Promise<InstanceType<typeof dareplane.ModuleClient>> {
  const room = new dareplane.ModuleClient({ port })
  t.teardown(() => room.close())
  await room.connect({ timeoutS: 30 })
  return room
}

/** A module whose every START is a new job. */
async function jobs(t: Test): Promise<{ server: DefaultServer; start: (page: Page) => Promise<FakeJob> }> {
  let last = fakeJob()
  const { server } = await module(t, 'stim', { START: () => (last = fakeJob()) })
  const room = await roomOf(t, server)
  const start = async (page: Page): Promise<FakeJob> => {
    room.send('START')
    await page.locator('.job:not(.ended)').waitFor()
    return last
  }
  return { server, start }
}

/** A module in a process of its own, which can be frozen. */
async function moduleProcess(t: Test, name: string): Promise<{ port: number; pid: number }> {
  const child = fork(fixture('server/server.process.js'), [JSON.stringify({ name })], { env: childEnvironment() })
  t.teardown(() => kill(child))
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { port, pid: child.pid ?? 0 }
}

/** `dareplane view` in a process of its own. */
async function viewProcess(t: Test, ...options: string[]): Promise<{ url: string; pid: number }> {
  const predicate = `name='${uniqueName('none')}'`
  const command = new Dareplane(['view', '--port', '0', '--predicate', predicate, ...options])
  t.teardown(() => command[Symbol.asyncDispose]())
  const url = /http:\S+/.exec(await command.line(/the page is at/))?.[0] ?? ''
  return { url, pid: command.child.pid ?? 0 }
}

t.test('Escape stops all, wherever the focus is and whatever is open', { skip: NO_BROWSER }, async t => {
  const { watcher } = await sender(t, { channels: 4 })
  const browser = await browserOf(t)
  const { server, start } = await jobs(t)
  const view = await viewOf(t, { watchers: [watcher], server })
  const page = await open(browser, view)
  const places: Readonly<Record<string, () => Promise<unknown>>> = {
    nothing: () => page.locator('body').press('Shift'),
    'the field of the log': () => page.locator('.log input').click(),
    'the arguments of a command': () => page.locator('.arguments input').fill('{"n": 1'),
    'a list that is open': () => page.locator('.signal select').first().click(),
    'the level of the log': () => page.locator('.log select').last().focus(),
    'the channels': () => page.locator('.channels summary').click(),
    'a box of a channel': () => page.locator('.popup input').last().focus(),
    'the switch': () => page.locator('.arm').focus(),
    'a page that is armed': () => page.locator('.arm').click(),
    'a command': () => page.locator('.command').first().focus(),
    'a picture that is frozen': () => page.locator('.signal .tool', { hasText: 'Freeze' }).click(),
  }
  for (const [place, go] of Object.entries(places)) {
    const job = await start(page)
    await go()
    await page.keyboard.press('Escape')
    t.match(await ended(job), { outcome: 'returned' }, place)
    await page.locator('.job.ended').waitFor()
  }
  t.equal(await page.locator('.modules.armed').count(), 0, 'a STOP disarms')
  t.same(page.faults, [])
})

t.test(
  'where the WebSocket is down a STOP goes out by HTTP, and the page says what it has done',
  { skip: NO_BROWSER },
  async t => {
    const browser = await browserOf(t)
    const { server, start } = await jobs(t)
    const view = await viewOf(t, { watchers: [], server })
    const page = await browser.newPage()
    await page.addInitScript(() => {
      const Real = WebSocket
      const all: WebSocket[] = []
      let isCut = false
      const cut = (): void => {
        isCut = true
        for (const socket of all) socket.close()
      }
      const Cut = class extends Real {
        constructor(url: string) {
          super(isCut ? 'ws://127.0.0.1:1/' : url)
          all.push(this)
        }
      }
      Object.assign(window, { WebSocket: Cut, cut })
    })
    await page.goto(view.url)
    await page.locator('.state').waitFor()
    const job = await start(page)
    await page.evaluate(() => (window as unknown as { cut(): void }).cut())
    await stateIs(page, 'NOT LIVE')
    await page.keyboard.press('Escape')
    t.match(await ended(job), { outcome: 'returned' })
    await page.locator('.stop-all.stopped').waitFor()
    t.match(await page.locator('.stop-all').textContent(), /Stopped at .* \([\d.]+\sm?s\)1 of 1 job ended/)
    await stateIs(page, 'NOT LIVE')
  },
)

t.test(
  'STOP ALL ends what answers at once; what is frozen is not confirmed, until it is',
  { skip: NO_BROWSER },
  async t => {
    const browser = await browserOf(t)
    const { server, start } = await jobs(t)
    const frozen = await moduleProcess(t, 'frozen')
    const view = await viewOf(t, { watchers: [], server, modules: [{ port: frozen.port }] })
    const page = await open(browser, view)
    const room = await roomOf(t, frozen)
    room.send('WORKER')
    await page.locator('.card', { hasText: 'frozen' }).locator('.job').waitFor()
    const job = await start(page)
    process.kill(frozen.pid, 'SIGSTOP')
    const pressedAt = performance.now()
    await page.keyboard.press('Escape')
    t.match(await ended(job), { outcome: 'returned' })
    t.comment(`the other module's job ended after ${(performance.now() - pressedAt).toFixed(0)} ms`)
    await page.locator('.stop-all.unconfirmed').waitFor()
    t.match(await page.locator('.stop-all').textContent(), /STOP NOT CONFIRMED.*frozen may run/)
    t.match(await page.locator('.card', { hasText: 'frozen' }).locator('.alarm').textContent(), /A job may still run/)
    await stateIs(page, 'TROUBLE')

    process.kill(frozen.pid, 'SIGCONT')
    await page.locator('.card', { hasText: 'frozen' }).locator('.job.ended').waitFor()
    await page.locator('.stop-all:not(.unconfirmed)').waitFor()
    t.equal(await page.locator('.alarm').count(), 0, 'the STOP has arrived late, and was reported')
  },
)

t.test(
  'a view that is frozen or killed is told within a second, and its STOP is not confirmed',
  { skip: NO_BROWSER },
  async t => {
    const browser = await browserOf(t)
    const { server, start } = await jobs(t)
    const { url, pid } = await viewProcess(t, '--module', String(server.port))
    const page = await open(browser, { url })
    await page.locator('.card', { hasText: 'stim' }).locator('.word.ok').waitFor()
    /** Until the page says so, on the page's own clock. */
    const toldAfter = async (signal: 'SIGSTOP' | 'SIGKILL'): Promise<number> => {
      await page.evaluate(() => {
        new MutationObserver((_, observer) => {
          if (document.querySelector('.state strong')?.textContent !== 'NOT LIVE') return
          Object.assign(window, { toldAt: Date.now() })
          observer.disconnect()
        }).observe(document.body, { subtree: true, childList: true, characterData: true })
      })
      const at = Date.now()
      process.kill(pid, signal)
      await stateIs(page, 'NOT LIVE')
      return (await page.evaluate(() => (window as unknown as { toldAt: number }).toldAt)) - at
    }
    const job = await start(page)
    t.comment(`frozen: told after ${await toldAfter('SIGSTOP')} ms, promised 500`)
    t.ok(await page.locator('.sign').isVisible())
    await page.locator('.card .stop').dispatchEvent('pointerdown', { button: 0 })
    await page.locator('.card .alarm', { hasText: 'A job may still run' }).waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.stop-all', { hasText: 'no answer within 4 s' }).waitFor()
    t.equal(job.stops, 0)
    process.kill(pid, 'SIGCONT')
    t.match(await ended(job), { outcome: 'returned' }, 'the STOP was on its way')
    await page.locator('.stop-all.stopped').waitFor()
    await page.locator('.card .alarm').waitFor({ state: 'detached' })

    await stateIs(page, 'ALL WELL', 'LOOK', 'TROUBLE')
    t.comment(`killed: told after ${await toldAfter('SIGKILL')} ms, promised 500`)
    await page.keyboard.press('Escape')
    await page.locator('.stop-all', { hasText: 'cannot be reached' }).waitFor()
    t.same(page.faults, [])
  },
)

t.test('a page that is left and comes back has sent nothing and is not armed', { skip: NO_BROWSER }, async t => {
  const browser = await browserOf(t)
  const { server, records } = await module(t, 'stim', { START: () => fakeJob() })
  const view = await viewOf(t, { watchers: [], server })
  const page = await open(browser, view)
  const isArmed = page.locator('.modules.armed')
  const arm = async (): Promise<void> => {
    await page.locator('.arm:enabled').click()
    await isArmed.waitFor()
  }
  await page.locator('.command').waitFor()
  await arm()
  await page.locator('.command').hover()
  await page.mouse.down()
  // Left in the middle of a hold.
  await page.goto('about:blank')
  await page.waitForTimeout(1200)
  await page.mouse.up()
  await page.goBack()
  await page.locator('.arm:enabled').waitFor()
  t.equal(await isArmed.count(), 0, 'back')

  await arm()
  const storage = await page.context().storageState()
  const second = await (await browser.newContext({ storageState: storage })).newPage()
  await second.goto(page.url())
  await second.locator('.arm:enabled').waitFor()
  t.equal(await second.locator('.modules.armed').count(), 0, 'what is armed is this page, not another one')
  await second.locator('.command').click({ force: true, delay: 1200 })

  await page.locator('.command').hover()
  await page.mouse.down()
  await page.waitForTimeout(300)
  await page.evaluate(() => dispatchEvent(new Event('blur')))
  await page.waitForTimeout(1000)
  await page.mouse.up()
  t.notOk(
    records.some(({ msg }) => msg === 'command is run'),
    'nothing was sent',
  )
  await page.keyboard.press('Escape')
  await page.locator('.modules:not(.armed)').waitFor()
  // On a busy machine the page is not live now and then, and lets go of the button.
  while ((await page.locator('.job').count()) === 0) await holdArmed(page, page.locator('.command'))
  t.equal(records.filter(({ msg }) => msg === 'command is run').length, 1)
})

t.test(
  'names that are markup, or turn the direction of writing, are text on the page',
  { skip: NO_BROWSER },
  async t => {
    const evil = `${uniqueName('evil')}<img src=x onerror="window.hit=1">\u202eLLEW LLA\u2066\u0007`
    const { watcher } = await sender(t, { name: evil, channels: 1 })
    const browser = await browserOf(t)
    const { server } = await module(t, evil, { START: () => 1 })
    server.pcommandMap.set('SET', () => 1, { description: evil })
    const view = await viewOf(t, { watchers: [watcher], server })
    const page = await open(browser, view)
    view.showRecord({
      name: evil,
      levelname: 'INFO',
      levelno: 20,
      created: Date.now() / 1000,
      message: evil,
      [evil]: evil,
    })
    await page.locator('.line', { hasText: 'onerror' }).first().waitFor()
    await page.locator('.stream', { hasText: '\\u202eLLEW LLA\\u2066\\x07' }).waitFor()
    await page.locator('.card', { hasText: '\\u202eLLEW' }).waitFor()
    const found = await page.evaluate(() => ({
      hit: (window as unknown as { hit?: number }).hit,
      images: document.querySelectorAll('img').length,
      turning: /[\u202a-\u202e\u2066-\u2069]/.test(document.documentElement.outerHTML + document.title),
    }))
    t.same(found, { images: 0, turning: false })
    t.same(page.faults, [])
  },
)
