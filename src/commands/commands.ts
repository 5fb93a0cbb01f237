import { Command } from 'commander'
import type { DescribedCommand } from '../modules/described-commands.js'
import { say } from './terminal/say.js'
import { seconds } from './terminal/arguments.js'
import { moduleAddress, withModule } from './terminal/modules.js'
import type { ModuleAddress } from './terminal/modules.js'

interface Options {
  readonly timeout: number
}

/** `dareplane commands HOST:PORT`: what a module can be told. */
export function commandsCommand(): Command {
  return new Command('commands')
    .description('list the commands of a module, one a line, with what is said of each and its arguments')
    .argument('<module>', 'HOST:PORT, or a port of this machine', moduleAddress)
    .option('--timeout <s>', 'how long the module may take to answer', seconds, 5)
    .action(async (address: ModuleAddress, { timeout }: Options) => {
      await withModule(address, timeout, async client => {
        const names = await client.commands()
        const width = Math.max(...names.map(name => name.length))
        for (const name of names) say(`${name.padEnd(width)}  ${textOf(client.descriptionOf(name))}`.trimEnd())
      })
    })
}

/** What a module has said of a command, and the names of its arguments where they are described. */
function textOf({ description = '', kwargs }: Partial<DescribedCommand> = {}): string {
  const { properties } = kwargs ?? {}
  const names = typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
  return [description, names.length > 0 ? `(${names.join(', ')})` : ''].filter(text => text !== '').join(' ')
}
