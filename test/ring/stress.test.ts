import { fileURLToPath } from 'node:url'
import t from 'tap'
import { runNode } from '../support/child.js'

/** The short form of `npm run test:stress`. */
const SECONDS = 4

interface Phase {
  phase: string
  ok: boolean
  accepted: number
  bad: number
  miscounted: number
  lappedPercent: number
}

t.test('readers on other threads accept no bad window, and the harness would see one', async t => {
  const program = fileURLToPath(new URL('../stress/ring.stress.js', import.meta.url))
  const run = runNode([program, '--seconds', String(SECONDS)], { timeoutMs: 300_000 })
  const { stdout } = await run.catch((error: unknown) => error as { stdout: string })
  const [settings = '', ...lines] = stdout.trim().split('\n')
  t.comment(settings)
  const phases = lines.map(line => JSON.parse(line) as Phase)
  for (const line of lines) t.comment(line)
  const names = ['wake-ups', 'numbers', 'strings', 'numbers without validation', 'strings without validation']
  t.strictSame(
    phases.map(({ phase }) => phase),
    names,
  )
  t.ok(phases[0]?.ok, 'no wake-up is lost')
  for (const { phase, bad, miscounted, accepted, lappedPercent } of phases.slice(1, 3)) {
    t.equal(bad, 0, `${phase}: bad windows`)
    t.equal(miscounted, 0, `${phase}: frames neither taken nor counted as lost`)
    t.ok(accepted >= 1000, `${phase}: accepted windows`)
    t.ok(lappedPercent >= 1, `${phase}: per cent of windows overtaken`)
  }
  for (const { phase, bad } of phases.slice(3)) t.ok(bad > 0, `${phase}: the harness sees bad windows`)
})
