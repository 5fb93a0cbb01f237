// Bundles what ships: what programs import, and every thread and process of ours, into dist/bundle; what runs in browsers,
// which is the live page and the bridge, into dist/view/assets, which the view serves.
import { copyFileSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { build } from 'esbuild'
import { licenceNotice } from './licences.js'

const root = join(import.meta.dirname, '..')
const source = join(root, 'src')
const output = join(root, 'dist', 'bundle')
const assets = join(root, 'dist', 'view', 'assets')
const page = join(source, 'view', 'page')

/** What programs import, and the command. */
const PUBLIC = {
  index: 'index.ts',
  signal: 'signal/index.ts',
  testing: 'testing/index.ts',
  view: 'view/index.ts',
  xdf: 'xdf.ts',
  bin: 'bin.ts',
}
/** Threads and processes that run our code only. Those that run a user's must share their modules with what it imports. */
const OURS = /\/(watcher|recorder|transport|network)\.worker|\/(guard-main|engine-main)\.process|\/bin\./

/** What both bundles for browsers share. */
const options = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  // The checks of options print values with it.
  alias: { 'node:util': join(root, 'scripts', 'browser-util.js') },
}

/** Whether the bundles are there. */
export const isBundled = () => existsSync(join(assets, 'dareplane-browser.js'))

/** The folders in node_modules whose code is in these bundles. */
function packagesIn(bundles) {
  const files = bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs))
  return [...new Set(files.map(file => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]))].filter(Boolean).sort()
}

/** Writes the bundles. */
export async function bundle() {
  await bundlePackage()
  await bundlePages()
}

/**
 * What programs import shares its modules in chunks. A thread or process of ours shares none, and is bundled by itself: a module
 * of 100 small files takes three times as long to load. All files lie in one folder, so that a thread is found beside the code
 * that starts it, as in src.
 */
async function bundlePackage() {
  const started = readdirSync(source, { recursive: true })
    .map(file => file.replaceAll('\\', '/'))
    .filter(file => /\.(worker|process)\.ts$/.test(file))
  const entries = [...Object.entries(PUBLIC), ...started.map(file => [basename(file, '.ts'), file])]
  rmSync(output, { recursive: true, force: true })
  const ours = entries.filter(([, file]) => OURS.test(`/${file}`))
  const shared = entries.filter(entry => !ours.includes(entry))
  for (const together of [shared, ...ours.map(entry => [entry])]) {
    await build({
      entryPoints: Object.fromEntries(together.map(([name, file]) => [name, join(source, file)])),
      outdir: output,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      sourcemap: true,
      legalComments: 'none',
      logLevel: 'warning',
    })
  }
  // Tests and benches run single modules of dist; the threads that those start are the ones that ship.
  for (const [name, file] of ours) {
    const compiled = join(root, 'dist', file.replace(/\.ts$/, '.js'))
    const target = relative(dirname(compiled), join(output, `${name}.js`)).replaceAll('\\', '/')
    const shebang = name === 'bin' ? '#!/usr/bin/env node\n' : ''
    writeFileSync(compiled, `${shebang}import '${target.startsWith('.') ? target : `./${target}`}'\n`)
  }
}

/** And the licences of what is in them. */
async function bundlePages() {
  const ofPage = await build({
    ...options,
    stdin: {
      contents: `import './main.css'; import 'uplot/dist/uPlot.min.css'; import './main.tsx'`,
      resolveDir: page,
    },
    jsx: 'automatic',
    jsxImportSource: 'preact',
    outfile: join(assets, 'main.js'),
  })
  copyFileSync(join(page, 'index.html'), join(assets, 'index.html'))
  const ofBridge = await build({
    ...options,
    entryPoints: [join(source, 'browser', 'index.ts')],
    outfile: join(assets, 'dareplane-browser.js'),
  })
  const notices = packagesIn([ofPage, ofBridge]).map(folder => licenceNotice(join(root, folder)))
  writeFileSync(join(assets, 'LICENSES.txt'), notices.join('\n'))
}
