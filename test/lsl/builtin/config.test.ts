import t from 'tap'
import { join } from 'node:path'
import { interpretConfig } from '../../../src/lsl/builtin/config/interpret-config.js'
import { configCandidates, findConfig, readConfig } from '../../../src/lsl/builtin/config/load-config.js'
import { parseIni } from '../../../src/lsl/builtin/config/parse-ini.js'

const defaults = interpretConfig(new Map()).config

t.test('without a file the defaults are those of liblsl', async t => {
  t.match(defaults, {
    multicastPort: 16571,
    basePort: 16572,
    portRange: 32,
    allowRandomPorts: true,
    ipv4: true,
    ipv6: true,
    ttl: 24,
    sessionId: 'default',
    knownPeers: [],
  })
  t.same(defaults.addresses, [
    '127.0.0.1',
    '255.255.255.255',
    '224.0.0.1',
    '224.0.0.183',
    'FF02:113D:6FDD:2C17:A643:FFE2:1BD1:3CD2',
    '239.255.172.215',
    'FF05:113D:6FDD:2C17:A643:FFE2:1BD1:3CD2',
  ])
})

t.test('a file sets ports, scope, addresses, peers and times', async t => {
  const text = [
    '; a comment',
    '[ports]',
    'IPv6 = disabled',
    'BasePort=20000',
    'AllowRandomPorts = 0',
    '[multicast]',
    'ResolveScope = link',
    'LinkAddresses = {1.2.3.4, 224.0.0.5}',
    '[lab]',
    'KnownPeers = {host-a, 10.0.0.1}',
    'SessionID = mine',
    '[tuning]',
    'TimeUpdateInterval = 0.5',
    '',
  ].join('\r\n')
  const parsed = parseIni(text)
  if ('reason' in parsed) return t.fail(parsed.reason)
  const { config, ignored } = interpretConfig(parsed.entries)
  t.same(ignored, [])
  t.match(config, {
    basePort: 20000,
    allowRandomPorts: false,
    ipv6: false,
    ttl: 1,
    sessionId: 'mine',
    timeUpdateIntervalS: 0.5,
  })
  t.same(config.addresses, ['127.0.0.1', '1.2.3.4', '224.0.0.5'])
  t.same(config.knownPeers, ['host-a', '10.0.0.1'])
})

t.test('an override replaces addresses and hop limit, and force leaves IPv6 alone', async t => {
  const { config } = interpretConfig(
    new Map([
      ['multicast.AddressesOverride', '{239.1.1.1, FF05::1}'],
      ['multicast.TTLOverride', '7'],
      ['ports.IPv6', 'force'],
    ]),
  )
  t.same(config.addresses, ['FF05::1'])
  t.match(config, { ttl: 7, ipv4: false, ipv6: true })
})

t.test('a line that is no INI puts everything back to the defaults, in one message', async t => {
  for (const [line, reason] of [
    ['# comment', /line 2.*neither a comment/],
    ['BasePort', /neither/],
    ['BasePort =', /no value/],
    ['= 5', /no key/],
    ['[ports', /not closed/],
    ['PortRange = 5\nPortRange = 6', /given twice/],
  ] as const) {
    const path = join(t.testdir({ 'lsl_api.cfg': `[ports]\n${line}\n[lab]\nSessionID = x\n` }), 'lsl_api.cfg')
    const { config, fault } = readConfig(path)
    t.same(config, defaults, line)
    t.match(fault, reason)
    t.notMatch(fault, /\n/)
  }
})

t.test('a value that means nothing is left out alone', async t => {
  const path = join(t.testdir({ c: '[ports]\nBasePort = many\nIPv6 = maybe\nPortRange = 99\n' }), 'c')
  const { config, fault } = readConfig(path)
  t.match(config, { basePort: 16572, ipv6: true, portRange: 99 })
  t.equal(
    fault,
    `${path}: ignored ports.BasePort = many, ports.IPv6 = maybe`.replace(/(ignored) (.*), (.*)/, '$1 $3, $2'),
  )
})

t.test('what has no effect here is named, but for what only tunes memory and logs', async t => {
  const text = [
    '[tuning]',
    'UseProtocolVersion = 100',
    'SendSocketBufferSize = 65536',
    'ReceiveSocketBufferSize = 0',
    'InletBufferReserveMs = 100',
    '[multicast]',
    'GlobalAddresses = {}',
    '[lab]',
    'KnownPeer = {host}',
    '[log]',
    'level = -2',
  ].join('\n')
  const { entries, fault, path } = readConfig(join(t.testdir({ c: text }), 'c'))
  t.equal(entries.get('lab.KnownPeer'), '{host}')
  t.equal(
    fault,
    `${path}: ignored tuning.SendSocketBufferSize = 65536, tuning.UseProtocolVersion = 100, ` +
      'lab.KnownPeer = {host} (no such setting)',
  )
})

t.test('a folder in the place of the file is a fault, not a crash', async t => {
  const { config, fault } = readConfig(t.testdir({}))
  t.same(config, defaults)
  t.match(fault, /is ignored/)
})

t.test('LSLAPICFG goes before the other places, and is a fault where it names nothing', async t => {
  const path = join(t.testdir({ c: '[lab]\nSessionID = named\n' }), 'c')
  t.equal(configCandidates({ LSLAPICFG: path })[0], path)
  t.equal(configCandidates({})[0], 'lsl_api.cfg')
  t.match(findConfig({ LSLAPICFG: path }), { path, fault: undefined, config: { sessionId: 'named' } })
  t.match(findConfig({ LSLAPICFG: '/nowhere' }).fault, /LSLAPICFG names \/nowhere, which does not exist/)
})
