import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import ts from 'typescript'
import { blocksOf, pages, readPage } from './support/pages.js'
import { projectFolder } from './support/project.js'

// The examples that readers copy must compile as they are written. One that is only a part of a program is marked where its block
// begins, as ```js fragment, and need only be well-formed. A block that is a file which others of its page import has its name there.

const sources = readdirSync(join(projectFolder, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => `src/${name.replaceAll('\\', '/')}`)

const examples = [
  ...pages.flatMap(page => blocksOf(page, readPage(page))),
  ...sources.flatMap(file => blocksOf(file, readPage(file).replace(/^ *\* ?/gm, ''))),
].filter(({ language }) => ['js', 'ts'].includes(language))

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  allowJs: true,
  checkJs: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  types: ['node'],
}

function messages(diagnostics: readonly ts.Diagnostic[]): string[] {
  return diagnostics.map(({ messageText, file, start = 0 }) => {
    const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1
    return `line ${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
}

t.test('there are examples', async t => {
  for (const where of ['README.md 2', 'docs/logging.md 2', 'src/stream-watcher.ts 1'])
    t.ok(
      examples.some(example => example.where === where),
      where,
    )
})

t.test('every example compiles strictly, as it is written, those of the README also as TypeScript', async t => {
  // In the package itself, so that its name is found.
  const folder = join(projectFolder, 'build', `docs-examples-${process.pid}`)
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const whole = examples
    .filter(({ note }) => note !== 'fragment')
    .flatMap(({ where, language, note, code }, index) => {
      const [page = ''] = where.split(' ')
      const place = note === '' ? join(`example-${index}`, `it.${language}`) : join(page.replaceAll('/', '-'), note)
      const file = join(folder, place)
      const typed = page === 'README.md' ? [{ where: `${where} as TypeScript`, file: `${file}.ts`, code }] : []
      return [{ where, file, code }, ...typed]
    })
  for (const { file, code } of whole) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, code)
  }
  const program = ts.createProgram({ rootNames: whole.map(({ file }) => file), options })
  for (const { where, file } of whole) {
    const source = program.getSourceFile(file)
    t.same(messages(ts.getPreEmitDiagnostics(program, source)), [], where)
  }
})

t.test('every fragment is well-formed', async t => {
  for (const { where, code } of examples.filter(({ note }) => note === 'fragment'))
    t.same(messages(ts.transpileModule(code, { reportDiagnostics: true }).diagnostics ?? []), [], where)
})
