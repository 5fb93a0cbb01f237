#!/usr/bin/env node
// What the control room starts: reads the arguments and the configuration, serves commands, and leaves within a second.
import { readFileSync } from 'node:fs'
import { getLogger, moduleArguments } from 'dareplane-utils'
import { parse } from 'smol-toml'
import { createModule } from '../src/main.js'

/** A module that has not closed by then is ended: the control room would kill it. */
const EXIT_LIMIT_MS = 900

const { port, ip, loglevel, kwargs } = moduleArguments()
const config = { ...parse(readFileSync(new URL('../configs/module.toml', import.meta.url), 'utf8')), ...kwargs }
const logger = getLogger('dareplane-module', { level: loglevel })
const module = createModule({ port, ip, config, logger })

const close = () => {
  setTimeout(() => process.exit(1), EXIT_LIMIT_MS).unref()
  void module.close()
}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGBREAK']) process.on(signal, close)

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
