import { basename, join, relative, resolve } from 'node:path'
import { Command } from 'commander'
import { writeModule } from './new-module/write-module.js'
import type { NewModuleOptions } from './new-module/write-module.js'
import { say } from './terminal/say.js'

/** `dareplane new-module NAME`: writes a module that runs, to be changed into one's own. */
export function newModuleCommand(): Command {
  return new Command('new-module')
    .description('write a new module: server, job, configuration, test')
    .argument('<name>', 'name of the module and, unless --dir says otherwise, of its folder')
    .option('--dir <folder>', 'where to write it')
    .option('--typescript', 'in TypeScript instead of JavaScript', false)
    .option(
      '--utils <spec>',
      'the dareplane-utils that it asks npm for: a version, a folder or a tarball (default: this one)',
    )
    .action((name: string, { dir = name, ...options }: NewModuleOptions & { dir?: string }) => {
      const folder = resolve(dir)
      for (const file of writeModule(name, folder, options)) say(relative('.', join(folder, file)))
      say([
        '',
        `Next: cd ${dir} && npm install && npm start. How a control room starts it: ${basename(folder)}/README.md`,
      ])
    })
}
