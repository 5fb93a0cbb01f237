import { isIP } from 'node:net'
import type { LslConfig } from './lsl-config.js'

type Entries = ReadonlyMap<string, string>

/** Each scope includes the narrower ones before it; `v6` is the prefix of its multicast group. */
const SCOPES = [
  { name: 'machine', key: 'Machine', ttl: 0, v4: ['127.0.0.1'], v6: undefined },
  { name: 'link', key: 'Link', ttl: 1, v4: ['255.255.255.255', '224.0.0.1', '224.0.0.183'], v6: 'FF02' },
  { name: 'site', key: 'Site', ttl: 24, v4: ['239.255.172.215'], v6: 'FF05' },
  { name: 'organization', key: 'Organization', ttl: 32, v4: [], v6: 'FF08' },
  { name: 'global', key: 'Global', ttl: 255, v4: [], v6: 'FF0E' },
] as const
const V6_GROUP = '113D:6FDD:2C17:A643:FFE2:1BD1:3CD2'
/** What liblsl reads and this engine has no use for: it allocates as data come, and logs nowhere. */
const WITHOUT_EFFECT = new Set([
  'log.file',
  'tuning.OutletBufferReserveMs',
  'tuning.OutletBufferReserveSamples',
  'tuning.InletBufferReserveMs',
  'tuning.InletBufferReserveSamples',
])
/** Seconds that a timer of Node can be set to. */
const LONGEST_S = 2_000_000
const V6_MODES = ['disable', 'allow', 'force']

function parseSet(value: string): string[] {
  return value
    .replace(/^\{|\}$/g, '')
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
}

/** A setting that was left at its default, and why. */
export interface Ignored {
  readonly key: string
  readonly text: string
}

/** The settings of a file's keys; `ignored` says what was not understood. Never throws. */
export function interpretConfig(entries: Entries): { config: LslConfig; ignored: readonly Ignored[] } {
  const ignored: Ignored[] = []
  const asked = new Set<string>()
  const get = (key: string): string | undefined => {
    asked.add(key)
    return entries.get(key)
  }
  const ignore = (key: string, text: string, why = ''): void =>
    void ignored.push({ key, text: `${key} = ${text}${why}` })
  const number = (key: string, byDefault: number, min = 0, max = LONGEST_S): number => {
    const text = get(key)
    if (text === undefined) return byDefault
    const value = Number(text)
    if (value >= min && value <= max) return value
    ignore(key, text)
    return byDefault
  }
  const integer = (key: string, byDefault: number, min: number, max: number): number =>
    Math.trunc(number(key, byDefault, min, max))
  const set = (key: string, byDefault: readonly string[] = []): readonly string[] => {
    const text = get(key)
    return text === undefined ? byDefault : parseSet(text)
  }
  const addressSet = (key: string, byDefault: readonly string[] = []): readonly string[] => {
    const all = set(key, byDefault)
    const none = all.find(item => isIP(item) === 0)
    if (none !== undefined) ignore(key, none, ' (no address)')
    return all.filter(item => isIP(item) !== 0)
  }
  const word = (key: string, byDefault: string, words: readonly string[]): string => {
    const text = get(key)
    if (text === undefined) return byDefault
    if (words.includes(text)) return text
    ignore(key, text)
    return byDefault
  }

  const v6Mode = word('ports.IPv6', 'allow', [...V6_MODES, 'disabled', 'allowed', 'forced'])
  const ipv6 = !v6Mode.startsWith('disable')
  const ipv4 = !v6Mode.startsWith('force')
  const scope = word(
    'multicast.ResolveScope',
    'site',
    SCOPES.map(({ name }) => name),
  )
  const address = (key: string): string => {
    const text = get(key)
    if (text === undefined || isIP(text) !== 0) return text ?? ''
    ignore(key, text, ' (no address)')
    return ''
  }
  const group = get('multicast.IPv6MulticastGroup') ?? V6_GROUP
  const addressesOf = SCOPES.map(({ key, v4, v6 }) => [
    ...addressSet(`multicast.${key}Addresses`, v4),
    ...(v6 === undefined ? [] : [`${v6}:${group}`]),
  ])
  const scopes = SCOPES.findIndex(({ name }) => name === scope) + 1
  const ofScopes = addressesOf.slice(0, scopes).flat()
  const override = addressSet('multicast.AddressesOverride')
  const ttlOverride = integer('multicast.TTLOverride', -1, -1, 255)
  const addresses = (override.length > 0 ? override : ofScopes).filter(address => (address.includes(':') ? ipv6 : ipv4))
  const config: LslConfig = {
    multicastPort: integer('ports.MulticastPort', 16571, 1, 65535),
    basePort: integer('ports.BasePort', 16572, 1, 65535),
    portRange: integer('ports.PortRange', 32, 1, 4096),
    allowRandomPorts: (get('ports.AllowRandomPorts') ?? '1') === '1',
    ipv4,
    ipv6,
    addresses,
    ttl: ttlOverride >= 0 ? ttlOverride : (SCOPES[scopes - 1]?.ttl ?? 0),
    listenAddress: address('multicast.ListenAddress'),
    interfaces: set('multicast.Interfaces'),
    knownPeers: set('lab.KnownPeers'),
    sessionId: get('lab.SessionID') ?? 'default',
    multicastMinRttS: number('tuning.MulticastMinRTT', 0.5, 0.001),
    multicastMaxRttS: number('tuning.MulticastMaxRTT', 3, 0.001),
    unicastMinRttS: number('tuning.UnicastMinRTT', 0.75, 0.001),
    unicastMaxRttS: number('tuning.UnicastMaxRTT', 5, 0.001),
    continuousResolveIntervalS: number('tuning.ContinuousResolveInterval', 0.5),
    watchdogTimeThresholdS: number('tuning.WatchdogTimeThreshold', 15, 0.1),
    watchdogCheckIntervalS: number('tuning.WatchdogCheckInterval', 15, 0.1),
    timeUpdateIntervalS: number('tuning.TimeUpdateInterval', 2, 0.05),
    timeUpdateMinProbes: integer('tuning.TimeUpdateMinProbes', 6, 1, 1000),
    timeProbeCount: integer('tuning.TimeProbeCount', 8, 1, 1000),
    timeProbeIntervalS: number('tuning.TimeProbeInterval', 0.064, 0.001),
    timeProbeMaxRttS: number('tuning.TimeProbeMaxRTT', 0.128, 0.001),
    smoothingHalftimeS: number('tuning.SmoothingHalftime', 90, 0.001),
    timerResolutionMs: integer('tuning.TimerResolution', 1, 0, 16),
    forceDefaultTimestamps: get('tuning.ForceDefaultTimestamps') === '1',
    maxCachedQueries: integer('tuning.MaxCachedQueries', 100, 0, 100_000),
  }
  // Beyond this range liblsl gives up the whole file.
  number('log.level', 0, -3, 9)
  // Node does not let a program set these of a TCP socket; there is one protocol.
  for (const [key, only] of [
    ['tuning.SendSocketBufferSize', '0'],
    ['tuning.ReceiveSocketBufferSize', '0'],
    ['tuning.UseProtocolVersion', '110'],
  ] as const)
    word(key, only, [only])
  for (const [key, text] of entries)
    if (!asked.has(key) && !WITHOUT_EFFECT.has(key)) ignore(key, text, ' (no such setting)')
  return { config, ignored }
}
