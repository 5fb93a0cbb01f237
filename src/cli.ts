import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { Command } from 'commander'
import { complain } from './commands/terminal/say.js'
import { errorCode } from './errors.js'
import { safeName, safeText } from './safe-text.js'
import { packageFile } from './system/package-file.js'

const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }

const program = new Command('dareplane')
  .description('Dareplane modules and LSL streams from the command line')
  .version(version)
  .configureOutput({
    outputError: (text, write) => write(`dareplane: ${safeName(oneLine(text.replace(/^error: /, '')))}\n`),
  })
  .showHelpAfterError(false)

/** Each command is loaded only when it is asked for: all of them take a third of a second. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./commands/demo.js')).demoCommand(),
  streams: async () => (await import('./commands/streams.js')).streamsCommand(),
  watch: async () => (await import('./commands/watch.js')).watchCommand(),
  view: async () => (await import('./commands/view.js')).viewCommand(),
  outlet: async () => (await import('./commands/outlet.js')).outletCommand(),
  record: async () => (await import('./commands/record.js')).recordCommand(),
  xdf: async () => (await import('./commands/xdf.js')).xdfCommand(),
  logserver: async () => (await import('./commands/logserver.js')).logserverCommand(),
  logs: async () => (await import('./commands/logs.js')).logsCommand(),
  send: async () => (await import('./commands/send.js')).sendCommand(),
  commands: async () => (await import('./commands/commands.js')).commandsCommand(),
  stop: async () => (await import('./commands/stop.js')).stopCommand(),
  'new-module': async () => (await import('./commands/new-module.js')).newModuleCommand(),
  bench: async () => (await import('./commands/bench.js')).benchCommand(),
  doctor: async () => (await import('./commands/doctor.js')).doctorCommand(),
}
const name = process.argv[2] ?? ''
const asked = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
for (const load of asked ? [asked] : Object.values(COMMANDS)) {
  program.addCommand((await load()).copyInheritedSettings(program))
}

// A reader that has seen enough, as in `dareplane watch X | head`, is no error.
process.stdout.on('error', error => {
  if (errorCode(error) === 'EPIPE') process.exit(0)
  throw error
})

try {
  await program.parseAsync()
} catch (error) {
  complain(oneLine(error instanceof Error ? error.message : String(error)))
  if (process.env['DEBUG']) console.error(safeText(inspect(error)))
  process.exitCode = 1
}

function oneLine(text: string): string {
  const lines = text.split('\n').map(line => line.trim())
  return lines.filter(line => line !== '').join(' ')
}
