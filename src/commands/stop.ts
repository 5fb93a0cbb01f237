import { Command } from 'commander'
import { seconds } from './terminal/arguments.js'
import { moduleAddresses } from './terminal/modules.js'
import type { ModuleAddress } from './terminal/modules.js'
import { stopModule } from './terminal/stop-module.js'

interface Options {
  readonly timeout: number
}

/** `dareplane stop HOST:PORT ...`: STOP to several modules at once. */
export function stopCommand(): Command {
  return new Command('stop')
    .description('stop all jobs of one or more modules, at once, and say how long each took')
    .argument('<module...>', 'HOST:PORT, or a port of this machine', moduleAddresses)
    .option('--timeout <s>', 'how long a module may take', seconds, 5)
    .action(async (addresses: readonly ModuleAddress[], { timeout }: Options) => {
      const ends = await Promise.all(addresses.map(address => stopModule(address, timeout)))
      if (ends.includes(false)) process.exitCode = 1
    })
}
