import { testFolder, uniqueName } from '../../support/loopback.js'
import t from 'tap'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { kill, lineOf } from '../../support/child.js'
import { OLD_LIBRARY, wheelLibrary } from '../../support/lsl-libraries.js'
import { twoHosts } from '../../support/namespaces.js'
import { inTime } from '../../support/in-time.js'

interface Heard {
  readonly sender: number
  readonly ageS: number
  readonly address: string
  readonly offsetS: number
}

const hosts = twoHosts()
const cwd = t.testdir({ 'lsl_api.cfg': '[multicast]\nResolveScope = site\n[log]\nlevel = -2\n' })
const wheel = wheelLibrary()
const liblsl = { engine: 'liblsl', library: wheel ?? OLD_LIBRARY }
const builtin = { engine: 'builtin' }
const SHIFT_S = 5000

if (typeof hosts === 'string') t.test('across two hosts', { skip: hosts }, () => undefined)
else {
  t.teardown(() => hosts.close())
  const env = { ...process.env, NODE_OPTIONS: '', LSLAPICFG: join(cwd, 'lsl_api.cfg') }
  const start = (host: 0 | 1, role: string, options: object): ChildProcess => {
    const child = hosts.spawn(host, [join(testFolder, 'fixtures', 'host.js'), role, JSON.stringify(options)], {
      cwd,
      env,
    })
    t.teardown(() => kill(child))
    return child
  }
  for (const [from, to] of [
    [builtin, builtin],
    [builtin, liblsl],
    [liblsl, builtin],
  ] as const) {
    // liblsl 1.10 as the inlet now and then answers a found outlet with "Invalid argument": seen one time in four.
    const skip =
      to.engine === 'liblsl' && wheel === undefined && 'needs a current liblsl, which npm run test:interop installs'
    t.test(
      `${from.engine} on one host and ${to.engine} on another find, hear and recover each other`,
      { skip },
      async t => {
        const name = uniqueName('hosts')
        // The C library reads the real clock, so only a builtin side can be told another.
        const shiftS = from.engine === 'builtin' ? SHIFT_S : 0
        const first = start(0, 'outlet', { name, shiftS, ...from })
        await lineOf(first, 'ready')
        const inlet = start(1, 'inlet', { name, ...to })
        const lines = createInterface({ input: inlet.stdout! })[Symbol.asyncIterator]()
        const heard = async (): Promise<Heard> => {
          const line = await lines.next()
          if (line.done === true) throw new Error('the inlet ended')
          return JSON.parse(line.value) as Heard
        }
        const before = await heard()
        if (to.engine === 'builtin') t.equal(before.address, hosts.addresses[0], 'by the address of the other host')
        t.ok(Math.abs(before.offsetS + shiftS) < 0.05, `clock offset ${before.offsetS} of ${-shiftS} s`)
        t.ok(Math.abs(before.ageS) < 10, `a corrected stamp is ${before.ageS} s old`)

        // liblsl 1.10 asks for nominal_srate='100' then, as text, which fits no current outlet, liblsl's own included.
        if (to.engine === 'liblsl' && wheel === undefined) return kill(first)
        await kill(first)
        const second = start(0, 'outlet', { name, shiftS, ...from })
        await lineOf(second, 'ready')
        const back = performance.now()
        t.not((await heard()).sender, before.sender)
        if (to.engine === 'builtin') inTime(t, 'data again', performance.now() - back, 1000)
        await Promise.all([kill(inlet), kill(second)])
      },
    )
  }
}
