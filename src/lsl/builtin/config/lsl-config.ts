/** What lsl_api.cfg says, with liblsl's defaults. Times in seconds, as the file has them. */
export interface LslConfig {
  readonly multicastPort: number
  readonly basePort: number
  readonly portRange: number
  readonly allowRandomPorts: boolean
  readonly ipv4: boolean
  readonly ipv6: boolean
  /** Where queries go: multicast groups, broadcast and plain addresses of the scope and all narrower ones. */
  readonly addresses: readonly string[]
  /** How far multicast packets may travel. */
  readonly ttl: number
  /** '' binds to all. */
  readonly listenAddress: string
  /** Addresses of the interfaces to use; empty: all. */
  readonly interfaces: readonly string[]
  readonly knownPeers: readonly string[]
  readonly sessionId: string
  readonly multicastMinRttS: number
  readonly multicastMaxRttS: number
  readonly unicastMinRttS: number
  readonly unicastMaxRttS: number
  readonly continuousResolveIntervalS: number
  readonly watchdogTimeThresholdS: number
  readonly watchdogCheckIntervalS: number
  readonly timeUpdateIntervalS: number
  readonly timeUpdateMinProbes: number
  readonly timeProbeCount: number
  readonly timeProbeIntervalS: number
  readonly timeProbeMaxRttS: number
  readonly smoothingHalftimeS: number
  /** The step of timers to ask Windows for; 0 leaves them as they are. */
  readonly timerResolutionMs: number
  readonly forceDefaultTimestamps: boolean
  readonly maxCachedQueries: number
}
