import { askForFineTimers } from '../../system/timer-resolution.js'
import type { Engine } from '../engine.js'
import { locateLimits, notLocated } from '../search/locate.js'
import { PROTOCOL_VERSION } from './codec/wire.js'
import { loadConfig } from './config/load-config.js'
import type { LslConfig } from './config/lsl-config.js'
import { resolveStreams } from './discovery/resolve-streams.js'
import { Search } from './discovery/stream-search.js'
import { sessionQuery } from './discovery/session-query.js'
import { BuiltinInlet } from './inlet/builtin-inlet.js'
import { endpointsOf } from './net/endpoints.js'
import { makeOutlet, makeRingOutlet } from './outlet/make-outlet.js'

/** LSL protocol 1.10 in TypeScript, on this thread's event loop; needs nothing installed. `config` is lsl_api.cfg's by default. */
export function builtinEngine(config: LslConfig = loadConfig().config): Engine {
  askForFineTimers(config.timerResolutionMs)
  return {
    name: 'builtin',
    version: `protocol ${PROTOCOL_VERSION}`,
    location: '',
    resolve: (predicate, limits) => resolveStreams(config, predicate, limits),
    search: (predicate, options) =>
      new Search(config, sessionQuery(config.sessionId, predicate), {
        ...options,
        everyS: config.multicastMinRttS + config.continuousResolveIntervalS,
      }),
    async createInlet(info, options) {
      const located =
        endpointsOf(info).length > 0
          ? info
          : (await resolveStreams(config, `uid='${info.uid}'`, locateLimits(options)))[0]
      if (located === undefined) throw notLocated(info, options)
      return new BuiltinInlet(located, options, config)
    },
    createOutlet: (info, options) => makeOutlet(info, options, config),
    createRingOutlet: (info, options, ring) => makeRingOutlet(info, options, config, ring),
  }
}
