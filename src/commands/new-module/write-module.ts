import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const TEMPLATE = fileURLToPath(new URL('../../../examples/dareplane-module/', import.meta.url))
const TEMPLATE_NAME = /dareplane-module/g
/** Names that npm, a TOML key, a folder and the control room's GUI all take. */
const NAME = /^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/
/** In the template under names that keep them from meaning something in its own repository. */
const RENAMED: Readonly<Record<string, string>> = {
  'package.template.json': 'package.json',
  'gitignore.template': '.gitignore',
}

/** Writes the template as module `name` into `folder`, which must be new or empty; answers the files. */
export function writeModule(name: string, folder: string): string[] {
  if (!NAME.test(name)) {
    throw new TypeError(`a module is named in lower-case words joined by - or _, not ${JSON.stringify(name)}`)
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new TypeError(`${folder} is not empty`)
  return readdirSync(TEMPLATE, { recursive: true, encoding: 'utf8' })
    .filter(file => statSync(join(TEMPLATE, file)).isFile() && !file.includes('node_modules'))
    .sort()
    .map(file => {
      const target = join(dirname(file), RENAMED[basename(file)] ?? basename(file))
      mkdirSync(join(folder, dirname(file)), { recursive: true })
      // Copying first keeps the mode: api/server.js is executable.
      copyFileSync(join(TEMPLATE, file), join(folder, target))
      writeFileSync(join(folder, target), readFileSync(join(TEMPLATE, file), 'utf8').replaceAll(TEMPLATE_NAME, name))
      return target
    })
}
