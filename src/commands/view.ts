import { Command } from 'commander'
import { getLogger } from '../logging/get-logger.js'
import { REMOTE_PORT } from '../recording/remote-control.js'
import { startView } from '../view/serve.js'
import { say } from './terminal/say.js'
import { integerWithin } from './terminal/arguments.js'
import { EndOfRun } from './terminal/end-of-run.js'
import { moduleAddress, moduleAddresses } from './terminal/modules.js'
import type { ModuleAddress } from './terminal/modules.js'
import { feedLog } from './view/feed-log.js'

interface Options {
  readonly port: number
  readonly host: string
  readonly token?: string
  readonly module: readonly ModuleAddress[]
  readonly recorder?: ModuleAddress | true
  readonly readOnly: boolean
  readonly logs?: string
  readonly logPort: number
  readonly serve?: string
  readonly allowOrigin: readonly string[]
  readonly predicate: string
}

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text]

/** `dareplane view`: the live page, in a process of its own. */
export function viewCommand(): Command {
  return new Command('view')
    .description('serve the live page: streams, signals, modules, STOP ALL and the log, in a browser')
    .option('--port <port>', 'port of the page; 0 takes any', integerWithin({ min: 0, max: 65535 }), 8090)
    .option('--host <address>', 'address to listen on; any but this machine needs --token', '127.0.0.1')
    .option('--token <word>', 'what a browser on another machine must know')
    .option('--module <host:port>', 'a module to show and command; may be given again', moduleAddresses, [])
    .option(
      '--recorder [host:port]',
      `a recorder to show and command, by its remote port (default: ${REMOTE_PORT})`,
      moduleAddress,
    )
    .option('--read-only', 'send nothing but STOP', false)
    .option('--logs <file>', 'show the lines of this log file')
    .option(
      '--log-port <port>',
      'port of the log server to follow or to be',
      integerWithin({ min: 1, max: 65535 }),
      9020,
    )
    .option('--serve <folder>', 'serve the paradigms in this folder under /serve/')
    .option('--allow-origin <origin>', 'pages of this origin may use the view; may be given again', collect, [])
    .option('--predicate <xpath>', 'show only streams for which this XPath 1.0 expression holds', '')
    .action(async ({ logs, logPort, module: modules, recorder, allowOrigin, token, serve, ...rest }: Options) => {
      using end = new EndOfRun()
      const logger = getLogger('dareplane.view', { noSocketHandler: true, addConsoleHandler: true, level: 'warn' })
      await using view = await startView({
        ...rest,
        modules,
        allowOrigins: allowOrigin,
        logger,
        ...(token !== undefined && { token }),
        ...(recorder !== undefined && { recorder: recorder === true ? { port: REMOTE_PORT } : recorder }),
        ...(serve !== undefined && { serve }),
      })
      say(`the page is at ${view.url}`)
      await feedLog(view, { file: logs, port: logPort, signal: end.signal, say })
    })
}
