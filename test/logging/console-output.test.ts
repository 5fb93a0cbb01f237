import { once } from 'node:events'
import t from 'tap'
import { outcome, start } from '../support/logging/processes.js'

t.test('a process and its threads outlive whoever reads their stderr', async t => {
  const child = start(t, 'logging/unread', ['gone'])
  child.stderr?.destroy()
  child.stdout?.destroy()
  child.send('go on')
  t.same(await once(child, 'message'), ['alive', undefined])
  t.same(await once(child, 'exit'), [0, null])
})

t.test('what nobody reads is bounded, and counted for who reads again', async t => {
  const child = start(t, 'logging/unread', ['unread'])
  const [grown] = (await once(child, 'message')) as [number]
  // Sixty megabytes were printed.
  t.ok(grown < 40 * 1024 * 1024, `${Math.round(grown / 1024)} KiB more`)
  const ended = outcome(child)
  child.send('read')
  const { output, code } = await ended
  t.equal(code, 0)
  const lost = Number(/^dareplane: (\d+) lines are missing here, nobody read them in time$/m.exec(output)?.[1])
  const shown = output.match(/ - main - INFO - /g)?.length ?? 0
  t.equal(shown + lost, 60_000)
})
