import t from 'tap'
import { adviceFor } from '../../../src/commands/doctor/advice.js'
import type { Findings } from '../../../src/commands/doctor/advice.js'
import { addresses } from '../../../src/commands/doctor/network.js'

const well: Findings = {
  libraryVersion: 117,
  addresses: [{ name: 'eth0', address: '192.0.2.2', internal: false }],
  multicastRefusal: undefined,
  platform: 'linux',
  config: { entries: new Map(), fault: undefined },
  namedConfig: undefined,
  selfTestFailed: false,
  streams: [{ name: 'eeg', foreign: undefined }],
}
const settings = (key: string, value: string): Partial<Findings> => ({
  config: { ...well.config, entries: new Map([[key, value]]) },
})

t.test('there is no advice where all is well', async t => {
  t.same(adviceFor(well), [])
  t.same(adviceFor({ ...well, libraryVersion: undefined }), [])
})

t.test('each finding has its advice', async t => {
  const cases: [Partial<Findings>, RegExp][] = [
    [{ libraryVersion: 115 }, /library is old/],
    [{ libraryVersion: 112, namedConfig: '/x.cfg' }, /does not read LSLAPICFG/],
    [{ addresses: [{ name: 'lo', address: '127.0.0.1', internal: true }] }, /no network but the loopback/],
    [{ addresses: [] }, /no network but the loopback/],
    [settings('multicast.ResolveScope', 'machine'), /confines LSL to this machine/],
    [settings('lab.SessionID', 'mine'), /session 'mine'/],
    [{ selfTestFailed: true }, /firewall/],
    [{ selfTestFailed: true, platform: 'windows' }, /node\.exe .* private networks/],
    [{ multicastRefusal: 'EADDRINUSE' }, /not found from other machines: .*EADDRINUSE/],
    [{ multicastRefusal: 'EHOSTUNREACH', platform: 'darwin' }, /macOS .* Privacy & Security > Local Network/],
    [{ streams: [{ name: 'cap', foreign: 'unix' }] }, /stamps of "cap" are Unix time, not LSL clock/],
    [{ streams: [{ name: 'cap', foreign: 'other' }] }, /stamps of "cap" are of another clock/],
    [{ config: { ...well.config, fault: 'line 3' } }, /^line 3$/],
  ]
  for (const [finding, advice] of cases) {
    t.ok(
      adviceFor({ ...well, ...finding }).some(text => advice.test(text)),
      String(advice),
    )
  }
})

t.test('addresses of the loopback come last', async t => {
  const entry = (address: string, internal: boolean) => ({ address, internal }) as never
  t.same(addresses({ lo: [entry('127.0.0.1', true)], eth0: [entry('192.0.2.2', false)], none: undefined }), [
    { name: 'eth0', address: '192.0.2.2', internal: false },
    { name: 'lo', address: '127.0.0.1', internal: true },
  ])
})
