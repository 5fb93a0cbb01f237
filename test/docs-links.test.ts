import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { pages, readPage } from './support/pages.js'
import { projectFolder } from './support/project.js'

/** A heading's anchor as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .replace(/[`*]|\[([^\]]*)\]\([^)]*\)/g, (_, text: string | undefined) => text ?? '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')

const withoutCode = (text: string): string => text.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, '')

function anchorsOf(page: string): string[] {
  const text = readPage(page).replace(/^```.*?^```$/gms, '')
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading))
}

t.test('an anchor is that of GitHub', async t => {
  t.equal(anchorOf('When do I use takeNew(), when takeNew({ into })?'), 'when-do-i-use-takenew-when-takenew-into-')
  t.equal(anchorOf('`dareplane_utils.logging`'), 'dareplane_utilslogging')
})

for (const page of pages) {
  t.test(`the links of ${page} lead somewhere`, async t => {
    for (const [, link = ''] of withoutCode(readPage(page)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?|mailto):/.test(link)) continue
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? page : join(dirname(page), path).replaceAll('\\', '/')
      if (!t.ok(existsSync(join(projectFolder, target)), link) || anchor === undefined) continue
      t.ok(anchorsOf(target).includes(anchor), `${link}: such a heading`)
    }
  })
}

t.test('every page of docs is on the list of all pages', async t => {
  const list = readPage('docs/index.md')
  for (const page of pages.filter(name => name.startsWith('docs/') && name !== 'docs/index.md'))
    t.ok(list.includes(`](${page.replace('docs/', '')})`), page)
})
