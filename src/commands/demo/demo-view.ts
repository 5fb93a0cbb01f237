import type { WindowData } from '../../ring/window.js'
import { errorCode } from '../../errors.js'
import type { DefaultServer } from '../../server/default-server.js'
import type { StreamWatcher } from '../../stream-watcher.js'
import { startView } from '../../view/serve.js'
import type { View } from '../../view/serve.js'

/** The live page of the demo: the rings that are there, no second inlet. On the usual port, or on any where that is taken. */
export async function demoView(watchers: readonly StreamWatcher<WindowData>[], server: DefaultServer): Promise<View> {
  try {
    return await startView({ watchers, server })
  } catch (error) {
    if (errorCode(error) !== 'ERR_PORT_IN_USE') throw error
    return await startView({ watchers, server, port: 0 })
  }
}
