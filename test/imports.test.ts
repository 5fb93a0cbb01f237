import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'
import t from 'tap'
import { projectFolder } from './support/project.js'

const MOST_FILES = 20
const src = join(projectFolder, 'src')
const everything = readdirSync(src, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
const files = everything
  .map(({ parentPath, name }) => relative(src, join(parentPath, name)).replaceAll('\\', '/'))
  .filter(file => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
  .sort()

interface Import {
  readonly file: string
  readonly isType: boolean
}

/** What a file imports and exports from beside it, or is to import later; other packages and node are left out. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(src, file), 'utf8')
  const statements = text.matchAll(/^(?:import|export)\b( type\b)?(?:[^'";]*?\bfrom)? '(\.[^']+)'/gm)
  const calls = text.matchAll(/\bimport\('(\.[^']+)'\)/g)
  const at = (path: string): string => {
    const named = posix.join(dirname(file), path).replace(/\.js$/, '')
    return files.find(each => each === `${named}.ts` || each === `${named}.tsx`) ?? `${named}.ts`
  }
  return [
    ...[...statements].map(([, type, path = '']) => ({ file: at(path), isType: type !== undefined })),
    ...[...calls].map(([, path = '']) => ({ file: at(path), isType: false })),
  ]
}

const imports = new Map(files.map(file => [file, importsOf(file)]))

/** Files of which each imports the next and the last the first, for every circle that a walk in depth meets. */
function circles(): string[][] {
  const found: string[][] = []
  const done = new Set<string>()
  const path: string[] = []
  const visit = (file: string): void => {
    const since = path.indexOf(file)
    if (since >= 0) found.push(path.slice(since))
    if (since >= 0 || done.has(file)) return
    path.push(file)
    for (const each of imports.get(file) ?? []) visit(each.file)
    path.pop()
    done.add(file)
  }
  files.forEach(visit)
  return found
}

t.test('every file that is imported is there', async t => {
  t.ok(files.length > 100)
  for (const [file, list] of imports) {
    const missing = list.filter(each => !imports.has(each.file)).map(each => each.file)
    t.same(missing, [], file)
  }
})

t.test('no file imports itself by way of others, not even for a type', async t => {
  t.same(
    circles().map(circle => [...circle, circle[0]].join(' -> ')),
    [],
  )
})

t.test('what is started by URL is imported only as a type', async t => {
  for (const [file, list] of imports) {
    const loaded = list.filter(each => !each.isType && /\.(worker|process)\.ts$/.test(each.file))
    t.same(loaded, [], file)
  }
})

t.test(`no folder has more than ${MOST_FILES} files side by side`, async t => {
  const counts = new Map<string, number>()
  for (const { parentPath } of everything) counts.set(parentPath, (counts.get(parentPath) ?? 0) + 1)
  t.same(
    [...counts].filter(([, count]) => count > MOST_FILES),
    [],
  )
})
