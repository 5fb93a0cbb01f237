// Compiles src to dist, only when something in src is newer: npm test and npm start call it every time.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync, chmodSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const stamp = join(root, 'dist', 'index.js')

const newest = dir =>
  Math.max(0, ...readdirSync(dir, { recursive: true }).map(name => statSync(join(dir, name)).mtimeMs))

const upToDate =
  existsSync(stamp) &&
  statSync(stamp).mtimeMs > newest(join(root, 'src')) &&
  statSync(stamp).mtimeMs > statSync(join(root, 'tsconfig.build.json')).mtimeMs

if (!upToDate) {
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
  chmodSync(join(root, 'dist', 'cli.js'), 0o755)
}
