import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { blocksOf, readPage } from './support/pages.js'
import { projectFolder } from './support/project.js'

const read = (...path: string[]): string => readFileSync(join(projectFolder, ...path), 'utf8')

const SHOWN: Readonly<Record<string, readonly string[]>> = {
  'README.md': ['watch.js', 'serve.js', 'power.job.js'],
  'docs/logging.md': ['log.js'],
  'docs/tutorial.md': [
    'alpha.job.js',
    'alpha.js',
    'alpha.test.js',
    'typescript/alpha.job.ts',
    'typescript/alpha.ts',
  ].map(file => `tutorial/${file}`),
  'docs/signal.md': ['decoder/decoder.job.js', 'decoder/decoder.js', 'decoder/decoder.py'],
}
for (const [page, examples] of Object.entries(SHOWN)) {
  t.test(`${page} shows the examples as they are`, async t => {
    const shown = blocksOf(page, readPage(page)).map(({ code }) => code)
    for (const example of examples) {
      t.ok(shown.includes(read('examples', example)), example)
    }
  })
}

t.test('the decoder takes fewer lines than its Python twin', async t => {
  const lines = (file: string): number =>
    read('examples', 'decoder', file)
      .split('\n')
      .filter(line => !/^\s*(\/\/.*|#.*|""".*)?$/.test(line)).length
  t.ok(lines('decoder.js') + lines('decoder.job.js') < lines('decoder.py'))
})
