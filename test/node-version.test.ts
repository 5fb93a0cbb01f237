import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { nodeComplaint } from '../src/node-version.js'
import { projectFolder } from './support/project.js'

t.test('a version of Node that is too old is named', async t => {
  t.equal(nodeComplaint({ node: '18.20.8' }), 'dareplane-utils needs Node 20.12 or newer, this is v18.20.8')
  for (const node of ['8.0.0', '20.11.1']) t.match(nodeComplaint({ node }), /needs Node 20\.12 or newer/)
  for (const node of ['20.12.0', '24.1.0', '100.0.0']) t.equal(nodeComplaint({ node }), undefined)
  t.equal(nodeComplaint(), undefined)
})

t.test('the package says the same to npm', async t => {
  const { engines } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as {
    engines: { node: string }
  }
  const oldest = engines.node.replace('>=', '')
  t.equal(nodeComplaint({ node: `${oldest}.0` }), undefined)
  t.match(nodeComplaint({ node: '20.0.0' }), `Node ${oldest} or newer`)
})

t.test('Bun, which says that it is a Node, is refused with the reason', async t => {
  const complaint = nodeComplaint({ node: '24.3.0', bun: '1.4.0' })
  t.match(complaint, /^dareplane-utils does not run on Bun: .*hrtime.*clock.*; start it with node$/)
  t.intercept(process, 'versions', { value: { ...process.versions, bun: '1.4.0' } })
  await t.rejects(import('../src/require-node.js'), { message: complaint ?? '' })
})
