import '../support/loopback.js'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { KwargsSchema } from '../../src/server/command-options.js'
import { RecordingDesk } from '../../src/recording/recording-desk.js'
import { RemoteControl } from '../../src/recording/remote-control.js'
import { fakeJob } from '../support/server/fake-job.js'
import { NO_BROWSER, browserOf, dareplane, holdArmed, module, open, sender, stateIs, viewOf } from './stage.js'

/** A schema that takes everything and describes itself as this. */
const described = (properties: object, required: readonly string[] = []): KwargsSchema => ({
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: value => ({ value }),
    jsonSchema: { input: () => ({ type: 'object', properties, required }) },
  },
})

t.test('a command that is described has a form, and what is filled in arrives', { skip: NO_BROWSER }, async t => {
  const browser = await browserOf(t)
  const calls: object[] = []
  const { server } = await module(t, 'stim', { START: () => 1 })
  server.pcommandMap.set('SET', kwargs => void calls.push({ ...kwargs }), {
    description: 'what a pulse is like',
    kwargs: described(
      {
        amplitude: { type: 'number', minimum: 0, maximum: 3, unit: 'mA' },
        side: { enum: ['left', 'right'] },
        isBipolar: { type: 'boolean' },
      },
      ['amplitude'],
    ),
  })
  const view = await viewOf(t, { watchers: [], server })
  const page = await open(browser, view)
  const set = page.locator('.command', { hasText: 'SET' })
  const amplitude = page.locator('.field', { hasText: 'amplitude' }).locator('input')
  await amplitude.waitFor()
  t.equal(await page.locator('.field', { hasText: 'amplitude' }).locator('i').textContent(), 'mA')

  await page.locator('.arm:enabled').click()
  await page.locator('.modules.armed').waitFor()
  await set.hover()
  await page.mouse.down()
  await page.locator('.answer', { hasText: 'amplitude is missing' }).waitFor()
  await page.mouse.up()
  await amplitude.fill('30')
  await page.keyboard.press('Enter')
  await set.hover()
  await page.mouse.down()
  await page.locator('.answer', { hasText: 'amplitude must be a number from 0 to 3' }).waitFor()
  await page.mouse.up()
  t.same(calls, [], 'what does not fit is not sent, and Enter sends nothing')

  await page.locator('.arm').click()
  await amplitude.fill('1.5')
  await page.locator('.field select').selectOption('right')
  await page.locator('.field input[type=checkbox]').check()
  await holdArmed(page, set)
  await page.locator('.answer', { hasText: 'SET' }).waitFor()
  await page.locator('.sent', { hasText: 'stim SET' }).waitFor()
  t.same(calls, [{ amplitude: 1.5, side: 'right', isBipolar: true }])
  t.same(page.faults, [])
})

t.test('a recording is started and stopped, armed, and the page says what is in it', { skip: NO_BROWSER }, async t => {
  const { watcher, name } = await sender(t)
  const browser = await browserOf(t)
  const folder = t.testdir({})
  const place = { folder, template: 'run-{run}.xdf', fields: {} }
  const desk = new RecordingDesk(place, { streams: `name='${name}'`, flushS: 0.1 })
  t.teardown(() => desk[Symbol.asyncDispose]())
  const remote = await new RemoteControl(desk).listen(0)
  t.teardown(() => remote.close())
  const view = await viewOf(t, { watchers: [watcher], recorder: { port: remote.port } })
  const page = await open(browser, view)
  const card = page.locator('.recorder')
  await card.getByText('not recording').waitFor()
  const [start, stop] = [card.locator('.command').first(), card.locator('.command').last()]
  await start.click({ force: true, delay: 1200 })
  t.same(readdirSync(folder), [], 'not armed: nothing was started')

  await holdArmed(page, start)
  await card.getByText(/RECORDING \d\d:\d\d/).waitFor()
  await card.getByText(/[1-9][\d.]* k?B of 1 stream/).waitFor()
  t.match(await card.textContent(), /disk left[1-9][\d.]* [MGT]B.*missing0/)
  t.ok(existsSync(join(folder, 'run-001.xdf')))

  await page.keyboard.press('Escape')
  await page.locator('.stop-all.answered, .stop-all.stopped').waitFor()
  t.ok(desk.recorder, 'STOP ALL ends jobs, not the recording')
  await holdArmed(page, stop)
  await card.getByText('not recording').waitFor()
  await card.getByText('STOPRECORD → OK').waitFor()
  t.equal(desk.recorder, undefined)

  await remote.close()
  await card.getByText('not there').waitFor()
  await page.locator('.why', { hasText: 'the recorder does not answer' }).waitFor()
  t.same(page.faults, [])
})

t.test('a view that looks on keeps no job alive, and one that leaves ends none', { skip: NO_BROWSER }, async t => {
  const browser = await browserOf(t)
  const jobs = [fakeJob('first'), fakeJob('second')]
  let next = 0
  const { server } = await module(t, 'stim', { START: () => jobs[next++] ?? 0 }, { stopOnDisconnect: true })
  const view = await viewOf(t, { watchers: [], server })
  const page = await open(browser, view)
  const start = async (): Promise<InstanceType<typeof dareplane.ModuleClient>> => {
    const room = new dareplane.ModuleClient({ port: server.port })
    t.teardown(() => room.close())
    await room.connect()
    room.send('START')
    await page.locator('.job:not(.ended)').waitFor()
    return room
  }
  const first = await start()
  await first.close()
  t.match(await jobs[0]?.done, { outcome: 'returned' }, 'its room is gone, and the page is no room')
  await page.locator('.job.ended').waitFor()

  const second = await start()
  await view.close()
  await stateIs(page, 'NOT LIVE')
  t.ok(await second.isUp())
  t.equal(jobs[1]?.stops, 0)
})

t.test('a foreign clock and a configuration that is wrong are said', { skip: NO_BROWSER }, async t => {
  const { watcher } = await sender(t, { stampOffsetS: Date.now() / 1000 - dareplane.localClock() })
  const browser = await browserOf(t)
  const file = join(t.testdir({}), 'lsl_api.cfg')
  writeFileSync(file, '[multicast]\nResolveScope = everywhere\n')
  const before = process.env['LSLAPICFG']
  process.env['LSLAPICFG'] = file
  const viewing = viewOf(t, { watchers: [watcher] })
  process.env['LSLAPICFG'] = before
  const page = await open(browser, await viewing)
  await stateIs(page, 'LOOK')
  await page.locator('.stream', { hasText: 'stamped with Unix time' }).waitFor()
  t.match(await page.locator('.stream .word').textContent(), /foreign clock/)
  t.match(await page.locator('.why').textContent(), /stamped with Unix time.*lsl_api\.cfg/)
  t.match(await page.locator('.log').textContent(), /LSL configuration: .*ResolveScope/)
})
