import { uniqueName } from '../../support/loopback.js'
import t from 'tap'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { childEnvironment, kill, lineOf } from '../../support/child.js'
import { fixture } from '../../support/project.js'
import { needsLiblsl, OLD_LIBRARY, wheelLibrary } from '../../support/lsl/libraries.js'
import { twoHosts } from '../../support/lsl/namespaces.js'
import { inTime } from '../../support/in-time.js'

interface Heard {
  readonly sender: number
  readonly ageS: number
  readonly address: string
  readonly offsetS: number
}

const hosts = needsLiblsl().skip || twoHosts()
const config = (ipv6: string, more = ''): { 'lsl_api.cfg': string } => ({
  'lsl_api.cfg': `[ports]\nIPv6 = ${ipv6}\n[multicast]\nResolveScope = site\n${more}[log]\nlevel = -2\n`,
})
const folder = t.testdir({
  v4: config('allow'),
  v6: config('force'),
  // Broadcasts need nobody to join a group.
  group: config('disable', 'AddressesOverride = {239.255.172.215}\n'),
})
const wheel = wheelLibrary()
const liblsl = { engine: 'liblsl', library: wheel ?? OLD_LIBRARY }
const builtin = { engine: 'builtin' }
const SHIFT_S = 5000

if (typeof hosts === 'string') t.test('across two hosts', { skip: hosts }, () => undefined)
else {
  t.teardown(() => hosts.close())
  const start = (net: 'v4' | 'v6' | 'group', host: 0 | 1, role: string, options: object): ChildProcess => {
    const cwd = join(folder, net)
    const env = childEnvironment({ LSLAPICFG: join(cwd, 'lsl_api.cfg') })
    const child = hosts.spawn(host, [fixture('lsl/host.js'), role, JSON.stringify(options)], {
      cwd,
      env,
    })
    t.teardown(() => kill(child))
    return child
  }
  for (const [family, from, to] of [
    [4, builtin, builtin],
    [4, builtin, liblsl],
    [4, liblsl, builtin],
    [6, builtin, builtin],
    [6, builtin, liblsl],
    [6, liblsl, builtin],
  ] as const) {
    // liblsl 1.10 forgets on which interface a link-local address is.
    const old = family === 6 && wheel === undefined && (to.engine === 'liblsl' || from.engine === 'liblsl')
    const skip = old
      ? 'needs a current liblsl, which npm run test:interop installs'
      : family === 6 && !hosts.ipv6 && 'there is no IPv6 here'
    t.test(
      `${from.engine} on one host and ${to.engine} on another find, hear and recover each other by IPv${family}`,
      { skip },
      async t => {
        const name = uniqueName('hosts')
        // The C library reads the real clock, so only a builtin side can be told another.
        const shiftS = from.engine === 'builtin' ? SHIFT_S : 0
        const first = start(`v${family}`, 0, 'outlet', { name, shiftS, ...from })
        await lineOf(first, 'ready')
        const inlet = start(`v${family}`, 1, 'inlet', { name, ...to })
        const lines = createInterface({ input: inlet.stdout! })[Symbol.asyncIterator]()
        const heard = async (): Promise<Heard> => {
          const line = await lines.next()
          if (line.done === true) throw new Error('the inlet ended')
          return JSON.parse(line.value) as Heard
        }
        const before = await heard()
        if (to.engine === 'builtin') {
          const linkLocal = family === 6 && /^fe80:.*%cable$/.test(before.address)
          t.ok(linkLocal || before.address === hosts.addresses[family][0], `by ${before.address}`)
        }
        t.ok(Math.abs(before.offsetS + shiftS) < 0.5, `clock offset ${before.offsetS} of ${-shiftS} s`)
        t.ok(Math.abs(before.ageS) < 10, `a corrected stamp is ${before.ageS} s old`)

        // liblsl 1.10 asks for nominal_srate='100' then, as text, which fits no current outlet, liblsl's own included.
        if (to.engine === 'liblsl' && wheel === undefined) return kill(first)
        await kill(first)
        const second = start(`v${family}`, 0, 'outlet', { name, shiftS, ...from })
        await lineOf(second, 'ready')
        const back = performance.now()
        t.not((await heard()).sender, before.sender)
        if (to.engine === 'builtin') inTime(t, 'data again', performance.now() - back, 1000)
        await Promise.all([kill(inlet), kill(second)])
      },
    )
  }

  t.test('an interface that comes up later is used, by the outlet and by a search that goes on', async t => {
    hosts.plug(0, 'down')
    const name = uniqueName('later')
    const outlet = start('group', 0, 'outlet', { name, ...builtin })
    await lineOf(outlet, 'ready')
    const inlet = start('group', 1, 'inlet', { name, ...builtin })
    const first = once(createInterface({ input: inlet.stdout! }), 'line')
    // Not waited for: should the search begin only then, it has to find the stream all the same.
    setTimeout(() => hosts.plug(0, 'up'), 500)
    const [line] = (await first) as [string]
    t.equal((JSON.parse(line) as Heard).address, hosts.addresses[4][0])
    await Promise.all([kill(inlet), kill(outlet)])
  })
}
