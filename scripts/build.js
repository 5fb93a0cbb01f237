// Compiles src to dist, and for tests also test to build/test. Only what is newer than its last build is compiled, so that
// every command may ask for it: node scripts/build.js [--tests]
//
// build/src is a link to dist, so that a test's `../src/x.js` is the very module that ships.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { bundle, isBundled } from './bundle.js'

export const root = join(import.meta.dirname, '..')
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const build = join(root, 'build')

const everything = folder => readdirSync(folder, { recursive: true })
const modified = path => statSync(path).mtimeMs

/** Answers whether there was anything to compile. Ends this process where the code does not compile. */
function compile(config, source, output) {
  const from = join(root, source)
  const to = join(root, output)
  const stamp = join(build, `${source}.built`)
  const inputs = [from, join(root, config), ...everything(from).map(name => join(from, name))]
  if (existsSync(to) && existsSync(stamp) && Math.max(...inputs.map(modified)) < modified(stamp)) return false
  // The first time takes some 20 seconds.
  if (!existsSync(to)) process.stderr.write(`compiling ${source} ...\n`)
  const started = new Date()
  // What tsc knows of an output that is gone is wrong.
  if (!existsSync(to)) rmSync(join(build, `${source}.tsbuildinfo`), { force: true })
  const { status } = spawnSync(process.execPath, [tsc, '-p', config], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
  removeOrphans(from, to)
  writeFileSync(stamp, '')
  // What was saved while tsc ran is newer than this build.
  utimesSync(stamp, started, started)
  return true
}

/** A file whose source was removed or renamed would still be found, and shipped. */
function removeOrphans(from, to) {
  const sources = new Set(everything(from).map(name => name.replace(/\.(ts|js)$/, '')))
  for (const name of everything(to)) {
    const source = name.replace(/(\.d\.ts|\.js)(\.map)?$/, '')
    if (source !== name && !sources.has(source)) rmSync(join(to, name))
  }
}

export async function buildSources() {
  mkdirSync(build, { recursive: true })
  const isNew = compile('tsconfig.build.json', 'src', 'dist')
  if (isNew || !isBundled()) await bundle()
  chmodSync(join(root, 'dist', 'bin.js'), 0o755)
}

export async function buildTests() {
  await buildSources()
  const link = join(build, 'src')
  if (!existsSync(link)) symlinkSync(join('..', 'dist'), link, 'junction')
  compile('tsconfig.test.json', 'test', join('build', 'test'))
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes('--tests')) await buildTests()
  else await buildSources()
}
