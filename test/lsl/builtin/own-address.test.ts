import { uniqueName } from '../../support/loopback.js'
import t from 'tap'
import { readFileSync } from 'node:fs'
import { builtinEngine } from '../../../src/lsl/builtin/builtin-engine.js'
import { interpretConfig } from '../../../src/lsl/builtin/config/interpret-config.js'
import { loadConfig } from '../../../src/lsl/builtin/config/load-config.js'
import type { LslConfig } from '../../../src/lsl/builtin/config/lsl-config.js'
import { askingAddress, servingAddress } from '../../../src/lsl/builtin/net/own-address.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { platform } from '../../../src/system/platform.js'

const configOf = (entries: Record<string, string>): LslConfig =>
  interpretConfig(new Map(Object.entries(entries))).config

t.test('a configuration that keeps to this computer serves and asks on the loopback only', async t => {
  const machine = configOf({ 'multicast.ResolveScope': 'machine', 'lab.KnownPeers': '{127.0.0.1, localhost}' })
  t.equal(servingAddress(4, machine), '127.0.0.1')
  t.equal(askingAddress(6, machine), '::1')
  t.equal(servingAddress(4, configOf({})), '0.0.0.0')
  const peers = configOf({ 'multicast.ResolveScope': 'machine', 'lab.KnownPeers': '{10.0.0.1}' })
  t.equal(servingAddress(4, peers), '0.0.0.0', 'another computer is named')
})

t.test('ListenAddress is where an outlet serves, in its own IP version only', async t => {
  const config = configOf({ 'multicast.ListenAddress': '192.168.7.7' })
  t.equal(servingAddress(4, config), '192.168.7.7')
  t.equal(servingAddress(6, config), undefined)
  t.equal(askingAddress(4, config), '0.0.0.0', 'it may still ask')
})

/** The local addresses of all sockets of this process, from the table of the system. */
function listening(table: 'tcp' | 'udp', ports: readonly number[]): string[] {
  return readFileSync(`/proc/self/net/${table}`, 'utf8')
    .split('\n')
    .flatMap(line => /^\s*\d+: ([0-9A-F]{8}):([0-9A-F]{4}) 00000000:0000/.exec(line)?.slice(1, 3).join(':') ?? [])
    .filter(entry => ports.includes(Number.parseInt(entry.slice(9), 16)))
    .map(entry => entry.slice(0, 8))
}

t.test('no socket of a confined outlet is open to the network', { skip: platform() !== 'linux' }, async t => {
  const engine = builtinEngine(loadConfig().config)
  const outlet = engine.createOutlet(new StreamInfo({ name: uniqueName('confined'), channelCount: 1 }), {
    chunkSize: 1,
    maxBufferedS: 1,
  })
  t.teardown(() => outlet.close())
  const [found] = await engine.resolve(`uid='${outlet.info.uid}'`, { minimum: 1, timeoutS: 10 })
  const { v4dataPort, v4servicePort } = found!.fields
  t.same(listening('tcp', [v4dataPort]), ['0100007F'])
  t.same(listening('udp', [v4servicePort]), ['0100007F'])
})
