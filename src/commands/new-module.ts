import { basename, join, relative, resolve } from 'node:path'
import { Command } from 'commander'
import { writeModule } from './new-module/write-module.js'

/** `dareplane new-module NAME`: writes a module that runs, to be changed into one's own. */
export function newModuleCommand(): Command {
  return new Command('new-module')
    .description('write a new module: server, job, configuration, test')
    .argument('<name>', 'name of the module and, unless --dir says otherwise, of its folder')
    .option('--dir <folder>', 'where to write it')
    .action((name: string, { dir = name }: { dir?: string }) => {
      const folder = resolve(dir)
      for (const file of writeModule(name, folder)) console.log(relative('.', join(folder, file)))
      console.log(
        `\nNext: cd ${dir} && npm install && npm start. How a control room starts it: ${basename(folder)}/README.md`,
      )
    })
}
