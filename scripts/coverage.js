import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Report } from 'c8'
import { root } from './build.js'
import { coverageMap } from './coverage-map.js'

const dist = join(root, 'dist')
const folder = join(root, 'build', 'coverage')
const kept = join(folder, 'kept')

/** What the processes of the tests have run, of the sources that each test answers for. */
export class Coverage {
  #count = 0

  constructor() {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(kept, { recursive: true })
  }

  /** Where node is to write what a test and its children run. */
  folderOf(test) {
    return join(folder, test.replaceAll('/', '-'))
  }

  /** Keeps what counts of it; called when the test has ended. */
  keep(test) {
    const isCovered = coverageMap(test)
    const from = this.folderOf(test)
    for (const name of list(from)) {
      const { result, 'source-map-cache': maps = {}, ...rest } = parsed(join(from, name))
      const counts = result.filter(({ url }) => url.startsWith('file:') && (isBundle(url) || isCovered(sourceOf(url))))
      if (counts.length === 0) continue
      const own = Object.fromEntries(counts.map(({ url }) => [url, maps[url]]).filter(([, map]) => map !== undefined))
      const text = JSON.stringify({ ...rest, result: counts, 'source-map-cache': own })
      writeFileSync(join(kept, `${this.#count++}.json`), text)
    }
    rmSync(from, { recursive: true, force: true })
  }

  /** Prints every source with what is not covered of it, and writes pages to read into build/coverage/html. */
  async print() {
    const report = new Report({
      tempDirectory: kept,
      reportsDirectory: join(folder, 'html'),
      reporter: ['text', 'html'],
      skipFull: true,
      all: true,
      src: [dist],
      include: ['dist/**/*.js', 'src/**/*.ts'],
      exclude: [],
      excludeAfterRemap: false,
    })
    await report.run()
  }
}

const list = from => {
  try {
    return readdirSync(from)
  } catch {
    return []
  }
}

/** A process that was killed while it wrote leaves half a file. */
function parsed(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { result: [] }
  }
}

/** Threads of ours run bundles: their maps tell which sources those are. */
const isBundle = url => sourceOf(url).startsWith('bundle/')
const sourceOf = url => relative(dist, fileURLToPath(url)).replaceAll('\\', '/').replace(/\.js$/, '.ts')
