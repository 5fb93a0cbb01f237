import { execFile } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { inflateSync } from 'node:zlib'
import t from 'tap'
import { projectFolder } from '../support/project.js'

// The site as `npm run docs` builds it, which ends with an error where there is a warning. It has to work from a folder, without a network.

const TIMEOUT_MS = 300_000
t.setTimeout(TIMEOUT_MS)
const site = join(t.testdir(), 'site')

t.before(async () => {
  const typedoc = join(projectFolder, 'node_modules', 'typedoc', 'bin', 'typedoc')
  await promisify(execFile)(process.execPath, [typedoc, '--out', site], { cwd: projectFolder, timeout: TIMEOUT_MS })
})

const text = (file: string): string => readFileSync(file, 'utf8')

t.test('every link of every page leads somewhere', async t => {
  const files = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.html'))
  t.ok(files.length > 100)
  const anchors = new Map<string, Set<string>>()
  const anchorsOf = (file: string): Set<string> => {
    const known = anchors.get(file) ?? new Set([...text(file).matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => id))
    anchors.set(file, known)
    return known
  }
  const broken: string[] = []
  for (const name of files) {
    const file = join(site, name)
    for (const [, link = ''] of text(file).matchAll(/(?:href|src)="([^"]+)"/g)) {
      if (/^(https?|data|mailto):/.test(link)) continue
      const [path = '', anchor = ''] = decodeURI(link).split('#')
      const target = path === '' ? file : join(dirname(file), path)
      const isThere =
        existsSync(target) && (anchor === '' || !target.endsWith('.html') || anchorsOf(target).has(anchor))
      // An icon is in the page itself.
      if (!isThere) broken.push(`${relative(site, file)}: ${link}`)
    }
  }
  t.same(broken, [])
})

t.test('the search knows the pages and the names', async t => {
  const [, packed = ''] = /"([^"]+)"/.exec(text(join(site, 'assets', 'search.js'))) ?? []
  const index = inflateSync(Buffer.from(packed, 'base64')).toString()
  for (const name of ['Troubleshooting', 'Recipes', 'StreamWatcher', 'butterworth', 'XdfRecorder', 'runJob'])
    t.ok(index.includes(`"${name}"`), name)
  // In the text of a page only.
  t.match(index, /photodiod/)
})
