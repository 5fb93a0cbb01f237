import { execFileSync } from 'node:child_process'
import t from 'tap'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { interpretConfig } from '../../../src/lsl/builtin/config/interpret-config.js'
import { chooseEngine } from '../../../src/lsl/choose-engine.js'
import { configCandidates, findConfig, loadConfig, readConfig } from '../../../src/lsl/builtin/config/load-config.js'
import { parseIni } from '../../../src/lsl/builtin/config/parse-ini.js'
import { platform } from '../../../src/system/platform.js'

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

t.test('a pipe in its place is a fault, and not waited for', { skip: platform() === 'windows' }, async t => {
  const path = join(t.testdir({}), 'pipe')
  execFileSync('mkfifo', [path])
  t.match(readConfig(path).fault, /is ignored: it is a pipe/)
})

t.test('LSLAPICFG goes before the other places, and is a fault where it names nothing', async t => {
  const path = join(t.testdir({ c: '[lab]\nSessionID = named\n' }), 'c')
  t.equal(configCandidates({ LSLAPICFG: path })[0], path)
  t.equal(configCandidates({})[0], 'lsl_api.cfg')
  t.match(findConfig({ LSLAPICFG: path }), { path, fault: undefined, config: { sessionId: 'named' } })
  t.match(findConfig({ LSLAPICFG: '/nowhere' }).fault, /LSLAPICFG names \/nowhere, which cannot be used: ENOENT/)
})

t.test('a named file that does not say whom LSL is confined to is an error that names file and line', async t => {
  const before = process.env['LSLAPICFG']
  t.teardown(() => (process.env['LSLAPICFG'] = before))
  const cases = {
    line: ['[multicast]\nResolveScope machine\n', /line 2: 'ResolveScope machine' is neither/],
    value: ['[multicast]\n\nResolveScope = machin\n', /line 3: multicast.ResolveScope = machin/],
    key: ['[lab]\nSessionId = lab1\n', /line 2: lab.SessionId = lab1 \(no such setting\)/],
    section: ['[multicst]\nResolveScope = machine\n', /line 2: multicst.ResolveScope/],
    address: ['[multicast]\nListenAddress = localhost\n', /line 2: .*no address/],
    level: ['[log]\nlevel = 20\n', /line 2: log.level = 20/],
    behind: ['[multicast] ResolveScope = machine\n', /line 1: 'ResolveScope = machine' stands behind a \[section\]/],
    oldMac: ['[multicast]\rResolveScope = machine\r', /line 1: 'ResolveScope = machine' stands behind/],
    multicast: ['[multicast]\nAddressesOverride = {127.0.0.1, 300.1.1.1}\n', /line 2: .* = 300.1.1.1 \(no address\)/],
    host: ['[multicast]\nMachineAddresses = {localhost}\n', /line 2: .* = localhost \(no address\)/],
    escape: ['[multicast]\nResolveScope = \x1b[2Jmachine\n', /line 2: multicast.ResolveScope = \\x1b\[2Jmachine/],
    large: [`; ${'x'.repeat(1024 * 1024)}\n`, /it is no configuration/],
  } as const
  const folder = t.testdir(Object.fromEntries(Object.entries(cases).map(([name, [text]]) => [name, text])))
  for (const [name, [, message]] of Object.entries(cases)) {
    const path = (process.env['LSLAPICFG'] = join(folder, name))
    t.throws(() => loadConfig(), { code: 'ERR_CONFIG_INVALID', message }, name)
    for (const engine of ['builtin', 'liblsl', 'auto'] as const)
      t.throws(() => chooseEngine({ engine }), { code: 'ERR_CONFIG_INVALID', message: new RegExp(path) }, name)
  }
  process.env['LSLAPICFG'] = join(folder, 'missing')
  t.throws(() => chooseEngine({ engine: 'builtin' }), { code: 'ERR_CONFIG_INVALID', message: /missing.*ENOENT/ })
})

t.test('a file that only builtin obeys says that Python peers are elsewhere', async t => {
  for (const [text, reason] of [
    ['\uFEFF[lab]\nSessionID = x\n', /liblsl ignores the whole file \(line 1: .*byte-order mark.*Python peers/],
    ['[lab]\nSessionID = x\n  ; said by someone\n', /liblsl ignores the whole file \(line 3/],
    ['  [lab]\nSessionID = x\n', /liblsl ignores the whole file \(line 1/],
    ['[ lab ]\nSessionID = x\n', /liblsl does not read lab.SessionID \(line 2\)/],
  ] as const) {
    const { config, differs, fault, unusable } = readConfig(join(t.testdir({ c: text }), 'c'))
    t.equal(config.sessionId, 'x')
    t.equal(unusable, undefined)
    t.match(fault, reason, text)
    t.ok(differs)
  }
  const bare = readConfig(join(t.testdir({ c: '[lab]\nKnownPeers = 10.0.0.1\n' }), 'c'))
  t.match(bare.differs, /does not read lab.KnownPeers/)
  const alike = readConfig(join(t.testdir({ c: '[lab] ; ours\n  KnownPeers = {10.0.0.1}\r\n' }), 'c'))
  t.match(alike, { differs: undefined, fault: undefined, config: { knownPeers: ['10.0.0.1'] } })
})

t.test('on Windows the home directory is what liblsl takes for it: HOME before the profile', async t => {
  const env = { HOME: '/c/Users/lab' }
  t.intercept(process, 'platform', { value: 'linux' })
  t.equal(configCandidates(env)[1], join(homedir(), 'lsl_api', 'lsl_api.cfg'))
  t.intercept(process, 'platform', { value: 'win32' })
  t.equal(configCandidates(env)[1], join('/c/Users/lab', 'lsl_api', 'lsl_api.cfg'))
  t.equal(configCandidates({})[1], join(homedir(), 'lsl_api', 'lsl_api.cfg'))
})

t.test('the step of timers is read, and 1 ms without it', async t => {
  const folder = t.testdir({ 'lsl_api.cfg': '[tuning]\nTimerResolution = 4\n', 'none.cfg': '' })
  t.equal(readConfig(join(folder, 'lsl_api.cfg')).config.timerResolutionMs, 4)
  t.equal(readConfig(join(folder, 'none.cfg')).config.timerResolutionMs, 1)
})
