import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { runNode } from './support/child.js'
import { projectFolder } from './support/project.js'

// The default of LSL sends on the network card. Old libraries are confined by the working directory, newer ones by the environment.
for (const helper of ['bench/support/loopback.js', 'build/test/support/loopback.js'])
  t.test(`${helper} keeps every liblsl on this machine`, async t => {
    const url = pathToFileURL(join(projectFolder, helper)).href
    const program = `await import(${JSON.stringify(url)}); console.log(process.cwd()); console.log(process.env.LSLAPICFG)`
    const { stdout } = await runNode(['--input-type=module', '-e', `process.chdir('/')\n${program}`])
    const [folder = '', named = ''] = stdout.trim().split('\n')
    t.ok(existsSync(join(folder, 'lsl_api.cfg')), `${folder} holds lsl_api.cfg`)
    t.match(readFileSync(named, 'utf8'), /ResolveScope = machine[^]*KnownPeers = \{127\.0\.0\.1\}/)
  })
