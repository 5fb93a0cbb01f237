import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { packageFile } from '../../system/package-file.js'
import { utilsDependency } from './utils-dependency.js'

const TEMPLATE = packageFile('examples/dareplane-module')
/** What the module in TypeScript has instead of the sources in JavaScript, and beside them. */
const TYPESCRIPT = packageFile('examples/dareplane-module-typescript')
const TEMPLATE_NAME = /dareplane-module/g
/** Names that npm, a TOML key, a folder and the control room's GUI all take. */
const NAME = /^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/
/** In the template under names that keep them from meaning something in its own repository. */
const RENAMED: Readonly<Record<string, string>> = {
  'package.template.json': 'package.json',
  'gitignore.template': '.gitignore',
}

/** What kind of module is written. */
export interface NewModuleOptions {
  readonly typescript?: boolean
  /** What its package.json asks npm for. Default: the package that this is. */
  readonly utils?: string
}

/** Writes the template as module `name` into `folder`, which must be new or empty; answers the files. */
export function writeModule(name: string, folder: string, options: NewModuleOptions = {}): string[] {
  if (!NAME.test(name)) {
    throw new TypeError(`a module is named in lower-case words joined by - or _, not ${JSON.stringify(name)}`)
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new TypeError(`${folder} is not empty`)
  const { typescript = false, utils = utilsDependency(packageFile('')) } = options
  const sources = new Map(filesOf(TEMPLATE).map(file => [file, TEMPLATE]))
  if (typescript) {
    for (const file of sources.keys()) if (dirname(file) === 'src') sources.delete(file)
    for (const file of filesOf(TYPESCRIPT)) sources.set(file, TYPESCRIPT)
  }
  const written = [...sources].map(([file, template]) => {
    const source = join(template, file)
    const target = join(dirname(file), RENAMED[basename(file)] ?? basename(file))
    const text = readFileSync(source, 'utf8').replaceAll(TEMPLATE_NAME, name)
    mkdirSync(join(folder, dirname(file)), { recursive: true })
    writeFileSync(join(folder, target), withDependency(target, typescript ? ofTypescript(target, text) : text, utils))
    // api/server.js is executable.
    chmodSync(join(folder, target), statSync(source).mode)
    return target
  })
  return written.sort()
}

function filesOf(template: string): string[] {
  return readdirSync(template, { recursive: true, encoding: 'utf8' }).filter(
    file => statSync(join(template, file)).isFile() && !file.includes('node_modules'),
  )
}

/** What stays JavaScript uses what the sources are compiled to; what is written for people names the sources. */
function ofTypescript(file: string, text: string): string {
  if (file === 'README.md') return text.replace(/(src\/[\w.]+)\.js/g, '$1.ts').replace('in JavaScript', 'in TypeScript')
  return file.endsWith('.js') ? text.replaceAll("'../src/", "'../dist/") : text
}

function withDependency(file: string, text: string, utils: string): string {
  if (file !== 'package.json') return text
  const { dependencies, ...others } = JSON.parse(text) as { dependencies: object }
  const wanted = { ...others, dependencies: { ...dependencies, 'dareplane-utils': utils } }
  return `${JSON.stringify(wanted, undefined, 2)}\n`
}
