import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import ts from 'typescript'
import { childEnvironment } from '../support/child.js'
import { projectFolder } from '../support/project.js'
import { writeModule } from '../../src/commands/new-module/write-module.js'

const TIMEOUT_MS = 120_000
t.setTimeout(TIMEOUT_MS)
const run = (cwd: string, ...args: string[]): Promise<{ stdout: string }> =>
  promisify(execFile)(process.execPath, args, { cwd, env: childEnvironment(), timeout: TIMEOUT_MS })

t.test('a new module in TypeScript compiles strictly, and passes its own test', async t => {
  const folder = join(t.testdir(), 'dp-mine')
  writeModule('dp-mine', folder, { typescript: true })
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(projectFolder, join(folder, 'node_modules', 'dareplane-utils'), 'dir')
  symlinkSync(join(projectFolder, 'node_modules', '@types'), join(folder, 'node_modules', '@types'), 'dir')
  await run(folder, join(projectFolder, 'node_modules', 'typescript', 'bin', 'tsc'))
  const { stdout } = await run(folder, '--test', '--test-reporter=tap', 'tests/module.test.js')
  t.match(stdout, /# pass 2\n# fail 0/)
  t.match(readFileSync(join(folder, 'README.md'), 'utf8'), /`src\/main\.ts`/)
})

t.test('without its types it is the module in JavaScript', async t => {
  const read = (...path: string[]): string => readFileSync(join(projectFolder, 'examples', ...path), 'utf8')
  const plain = (code: string): string => {
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, removeComments: true },
    })
    return outputText.replace(/\s+/g, ' ').replace(/\((\w+)\) =>/g, '$1 =>')
  }
  for (const name of ['config', 'threshold.job'])
    t.equal(
      plain(read('dareplane-module-typescript/src', `${name}.ts`)),
      plain(read('dareplane-module/src', `${name}.js`)),
    )
})
