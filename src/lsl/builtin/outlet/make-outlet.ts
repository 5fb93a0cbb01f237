import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { localClock } from '../../../clock.js'
import type { RingHandle } from '../../../ring/allocate-ring.js'
import type { OutletOptions, RingOutlet } from '../../engine.js'
import { LocalRingOutlet } from '../../outlet/local-ring-outlet.js'
import { StreamInfo } from '../../stream-info.js'
import type { LslConfig } from '../config/lsl-config.js'
import { BuiltinOutlet } from './builtin-outlet.js'
import { localServer } from './outlet-server.js'
import { threadServer } from './thread/network-thread.js'

/** An outlet of this thread; its network is here, or on a thread of its own. */
export function makeOutlet(given: StreamInfo, options: OutletOptions, config: LslConfig): BuiltinOutlet {
  const info = announced(given, config)
  const serve = options.networkThread === true ? threadServer : localServer
  return new BuiltinOutlet(info, serve(info, options, config), config)
}

/** An outlet that sends what is written into `ring`, from here or from the network thread. */
export function makeRingOutlet(
  given: StreamInfo,
  options: OutletOptions,
  config: LslConfig,
  ring: RingHandle,
): RingOutlet {
  if (options.networkThread !== true) return new LocalRingOutlet(makeOutlet(given, options, config), ring)
  const info = announced(given, config)
  const server = threadServer(info, options, config, ring)
  const outlet = new BuiltinOutlet(info, server, config)
  return {
    info,
    bell: server.bell,
    get haveConsumers() {
      return outlet.haveConsumers
    },
    get lost() {
      return server.lost
    },
    close: () => outlet.close(),
  }
}

/** The description as others will see it. */
function announced(info: StreamInfo, { sessionId }: LslConfig): StreamInfo {
  return new StreamInfo({
    ...info.fields,
    uid: randomUUID(),
    createdAt: localClock(),
    hostname: hostname(),
    sessionId,
    version: 1.1,
    v4address: '',
    v6address: '',
  })
}
