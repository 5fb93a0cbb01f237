import type { WindowData } from '../ring/window.js'
import {
  fields,
  flag,
  list,
  logger as loggerCheck,
  mustBe,
  nonEmpty,
  object,
  options,
  port,
  required,
  text,
  whole,
} from '../check.js'
import type { Logger } from '../logging/get-logger.js'
import type { ModuleClientOptions } from '../modules/module-client-options.js'
import { clientOptions } from '../modules/module-client-options.js'
import { DefaultServer } from '../server/default-server.js'
import { StreamWatcher } from '../stream-watcher.js'
import { isLoopback } from './access.js'
import type { RecorderAddress } from './control/recorder.js'

/** What a view shows, and who may look. */
export interface ViewOptions {
  /** Default 8090; 0 lets the system choose. */
  readonly port?: number
  /** Default 127.0.0.1. Any other lets other machines look, and needs a token. */
  readonly host?: string
  /** What a client beyond this machine must know. */
  readonly token?: string
  /** Nothing but STOP can be sent. Default false. */
  readonly readOnly?: boolean
  /** Show the rings of these; without them all streams on the network are shown, each with a watcher of the view's own. */
  readonly watchers?: readonly StreamWatcher<WindowData>[]
  /** Which streams to look for where no watchers are given, as an XPath predicate; default all. */
  readonly predicate?: string
  /** A server of this process to show and command, over TCP as any other module. It must be listening. */
  readonly server?: DefaultServer
  /** Further modules. */
  readonly modules?: readonly ModuleClientOptions[]
  /** The remote port of a recorder to show and command: of `dareplane record --remote-control`, or of LabRecorder. */
  readonly recorder?: { readonly host?: string; readonly port: number }
  /** A folder of paradigms to serve under /serve/. */
  readonly serve?: string
  /** Origins whose pages may use the view beside its own, such as `http://localhost:3000`. */
  readonly allowOrigins?: readonly string[]
  /** Told of what the view does. Default: nobody. */
  readonly logger?: Logger
}

const check = options<ViewOptions>('startView', 'startView({ port: 8090 })', {
  port,
  host: nonEmpty,
  token: mustBe(
    'at least 8 letters, digits, - . _ or ~',
    (value): value is string => typeof value === 'string',
    value => /^[\w.~-]{8,}$/.test(value),
  ),
  readOnly: flag,
  watchers: list(
    mustBe('a StreamWatcher', (value): value is StreamWatcher<WindowData> => value instanceof StreamWatcher),
  ),
  predicate: text,
  server: mustBe('a DefaultServer', (value): value is DefaultServer => value instanceof DefaultServer),
  modules: list(object),
  recorder: fields({ host: nonEmpty, port: required(whole({ from: 1, to: 65535 })) }),
  serve: nonEmpty,
  allowOrigins: list(
    mustBe(
      'an origin such as "http://localhost:3000"',
      (value): value is string => typeof value === 'string',
      value => /^https?:\/\/[^/\s]+$/.test(value),
    ),
  ),
  logger: loggerCheck,
})

export interface ViewSettings {
  readonly port: number
  readonly host: string
  readonly token: string | undefined
  readonly readOnly: boolean
  readonly watchers: readonly StreamWatcher<WindowData>[] | undefined
  readonly predicate: string
  readonly modules: readonly ModuleClientOptions[]
  readonly recorder: RecorderAddress | undefined
  readonly serve: string | undefined
  readonly allowOrigins: readonly string[]
  readonly logger: Logger | undefined
}

/** The options with their defaults. Throws TypeError or RangeError naming the option. */
export function viewSettings(given: ViewOptions): ViewSettings {
  const { port: asked = 8090, host = '127.0.0.1', token, readOnly = false, predicate = '', ...rest } = check(given)
  const { watchers, server, modules = [], recorder, serve, allowOrigins = [], logger } = rest
  if (!isLoopback(host) && token === undefined)
    throw new TypeError(
      `token must be given where host is ${JSON.stringify(host)}: whoever reaches the view can command`,
    )
  const own = server === undefined ? [] : [{ host: '127.0.0.1', port: server.port, name: server.name }]
  const all = [...own, ...modules].map(clientOptions)
  const address = recorder && { host: '127.0.0.1', ...recorder }
  return {
    port: asked,
    host,
    token,
    readOnly,
    watchers,
    predicate,
    modules: all,
    recorder: address,
    serve,
    allowOrigins,
    logger,
  }
}
