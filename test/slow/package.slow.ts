import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { projectFolder } from '../support/project.js'

// The package as npm would publish it, from a clone of what is committed, installed in an empty project.

const TIMEOUT_MS = 240_000
const started = promisify(execFile)

async function run(cwd: string, command: string, ...args: string[]): Promise<string> {
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    npm_config_loglevel: 'error',
    npm_config_fund: 'false',
    npm_config_audit: 'false',
  }
  return (await started(command, args, { cwd, env, timeout: TIMEOUT_MS })).stdout
}

t.setTimeout(TIMEOUT_MS)
const folder = t.testdir({ app: { 'package.json': '{ "private": true }' }, tarball: {} })
const app = join(folder, 'app')
const bin = (name: string): string => join(projectFolder, 'node_modules', '.bin', name)

/** Writes a file of the empty project. */
function write(name: string, text: string): void {
  mkdirSync(join(app, name, '..'), { recursive: true })
  writeFileSync(join(app, name), text)
}

t.test('a fresh clone is packed with all that it needs, and nothing of the tests', async t => {
  const clone = join(folder, 'clone')
  await run(folder, 'git', 'clone', '--quiet', '--depth', '1', `file://${projectFolder}`, clone)
  // What builds it, which a developer has installed.
  symlinkSync(join(projectFolder, 'node_modules'), join(clone, 'node_modules'))
  const [packed] = JSON.parse(
    await run(
      clone,
      'npm',
      'pack',
      '--json',
      '--silent',
      '--foreground-scripts=false',
      '--pack-destination',
      join(folder, 'tarball'),
    ),
  ) as [{ filename: string; files: { path: string }[] }]
  const files = packed.files.map(({ path }) => path)
  for (const file of ['dist/bundle/index.js', 'dist/index.d.ts', 'dist/bin.js', 'loopback/lsl_api.cfg'])
    t.ok(files.includes(file), file)
  t.same(
    files.filter(file => /^(test|build|bench|scripts)\//.test(file)),
    [],
  )
  await run(app, 'npm', 'install', '--prefer-offline', '--ignore-scripts', join(folder, 'tarball', packed.filename))
})

t.test('it is imported from a module and from CommonJS', async t => {
  write('a.mjs', "import { StopEvent } from 'dareplane-utils'\nconsole.log(new StopEvent().isSet)\n")
  write('b.cjs', "import('dareplane-utils').then(({ StopEvent }) => console.log(new StopEvent().isSet))\n")
  t.equal(await run(app, process.execPath, 'a.mjs'), 'false\n')
  t.equal(await run(app, process.execPath, 'b.cjs'), 'false\n')
  t.match(await run(app, join(app, 'node_modules', '.bin', 'dareplane'), '--version'), /^\d+\.\d+\.\d+\n$/)
})

t.test('a program that was bundled runs with the package beside it, and says what it lacks without', async t => {
  write(
    'bundled/main.mjs',
    `import { StreamWatcher, getLogger } from 'dareplane-utils'
getLogger('bundled', { port: 1, addConsoleHandler: false }).info('a record')
await new StreamWatcher({ name: 'nobody' }).connectToStream({ timeoutS: 0.2 }).catch(error => console.log(error.message))
`,
  )
  const bundle = (output: string, ...options: string[]): Promise<string> => {
    const platform = ['--bundle', '--platform=node', '--format=esm']
    const requires = "import { createRequire as r } from 'node:module'; const require = r(import.meta.url)"
    return run(
      app,
      bin('esbuild'),
      'bundled/main.mjs',
      ...platform,
      `--outfile=${output}`,
      `--banner:js=${requires}`,
      ...options,
    )
  }
  await bundle('bundled/external.mjs', '--external:dareplane-utils')
  t.match(await run(app, process.execPath, 'bundled/external.mjs'), /^no stream with name='nobody'/)
  await bundle('bundled/alone.mjs', '--external:koffi')
  t.match(
    await run(app, process.execPath, 'bundled/alone.mjs'),
    /^dareplane-utils needs watcher\.worker\.js, and there is no .*: leave the package out of a bundle \(esbuild --external/,
  )
  cpSync(join(app, 'node_modules/dareplane-utils/dist/bundle'), join(app, 'bundled'), { recursive: true })
  t.match(await run(app, process.execPath, 'bundled/alone.mjs'), /^no stream with name='nobody'/)
})

t.test('TypeScript finds its types, as Node resolves and as bundlers do', async t => {
  const code = `import { StreamWatcher, type Window } from 'dareplane-utils'
export async function mean(): Promise<number> {
  const watcher = await new StreamWatcher({ name: 'EEG' }).connectToStream()
  const window: Window = watcher.takeNew()
  let sum = 0
  for (const value of window.data) sum += value
  return sum / window.data.length
}
`
  write('c.mts', code)
  await run(app, 'npm', 'install', '--prefer-offline', '--ignore-scripts', '@types/node@20')
  for (const [module, resolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ] as const)
    t.equal(
      await run(
        app,
        bin('tsc'),
        '--ignoreConfig',
        '--strict',
        '--noEmit',
        '--target',
        'es2022',
        '--lib',
        'es2023,esnext.disposable',
        '--module',
        module,
        '--moduleResolution',
        resolution,
        'c.mts',
      ),
      '',
      resolution,
    )
})
