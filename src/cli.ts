#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { benchCommand } from './commands/bench.js'
import { demoCommand } from './commands/demo.js'
import { doctorCommand } from './commands/doctor.js'
import { logserverCommand } from './commands/logserver.js'
import { logsCommand } from './commands/logs.js'
import { newModuleCommand } from './commands/new-module.js'
import { outletCommand } from './commands/outlet.js'
import { streamsCommand } from './commands/streams.js'
import { watchCommand } from './commands/watch.js'
import { errorCode } from './errors.js'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

const program = new Command('dareplane')
  .description('Dareplane modules and LSL streams from the command line')
  .version(version)
  .configureOutput({ outputError: (text, write) => write(`dareplane: ${oneLine(text.replace(/^error: /, ''))}\n`) })
  .showHelpAfterError(false)

const commands = [
  demoCommand(),
  streamsCommand(),
  watchCommand(),
  outletCommand(),
  logserverCommand(),
  logsCommand(),
  newModuleCommand(),
  benchCommand(),
  doctorCommand(),
]
for (const command of commands) {
  program.addCommand(command.copyInheritedSettings(program))
}

// A reader that has seen enough, as in `dareplane watch X | head`, is no error.
process.stdout.on('error', error => {
  if (errorCode(error) === 'EPIPE') process.exit(0)
  throw error
})

try {
  await program.parseAsync()
} catch (error) {
  console.error(`dareplane: ${oneLine(error instanceof Error ? error.message : String(error))}`)
  if (process.env['DEBUG']) console.error(error)
  process.exitCode = 1
}

function oneLine(text: string): string {
  return text
    .trim()
    .split(/\s*\n\s*/)
    .join(' ')
}
