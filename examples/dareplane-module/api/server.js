#!/usr/bin/env node
// What the control room starts: reads the arguments and the configuration, serves commands, and leaves within a second.
import { getLogger, moduleArguments } from 'dareplane-utils'
import { readConfig } from '../src/config.js'
import { createModule } from '../src/main.js'

/** A module that has not closed by then is ended: the control room would kill it. */
const EXIT_LIMIT_MS = 900

const { port, ip, loglevel, kwargs } = moduleArguments()
const logger = getLogger('dareplane-module', { level: loglevel, addConsoleHandler: 'terminal' })
const module = createModule({ port, ip, config: configuration(), logger })

/** The configuration, or the end with one line that says what is wrong with it. */
function configuration() {
  try {
    return readConfig(kwargs)
  } catch (error) {
    console.error(`dareplane-module: ${error.message}`)
    process.exit(1)
  }
}

const close = () => {
  setTimeout(() => process.exit(1), EXIT_LIMIT_MS).unref()
  void module.close()
}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGBREAK']) process.on(signal, close)
// Windows has no SIGTERM: there api/server.py is what a control room ends, and with it this pipe. Not for the children.
if (process.env.DAREPLANE_CLOSE_WITH_STDIN) process.stdin.once('end', close).once('error', close).resume()
delete process.env.DAREPLANE_CLOSE_WITH_STDIN

try {
  await module.server.initServer()
  await module.server.startListening()
  await module.close()
  process.exit()
} catch (error) {
  logger.fatal(error, 'cannot start')
  console.error(`dareplane-module: ${error.message}`)
  process.exit(1)
}
