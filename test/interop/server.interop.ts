import t from 'tap'
import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../support/free-port.js'
import { runPython, withoutPython } from '../support/interop/python.js'
import { fixture, projectFolder, testFolder } from '../support/project.js'
import { inTime } from '../support/in-time.js'

interface Seen {
  readonly greeting: string
  readonly pcomms: string
  readonly up: readonly string[]
  readonly size?: string
  readonly running?: boolean
  readonly stop_s?: number
  readonly up_after_stop?: string
  readonly end_s: number
  readonly survivors: readonly string[]
}

async function drive(kind: 'exe' | 'python', entry: string, cwd: string): Promise<Seen> {
  return JSON.parse(await runPython('drive_module.py', kind, entry, cwd, String(await freePort()))) as Seen
}

const TWENTY_UP = Array(20).fill('1')

t.test("Python's launcher, communicator and connection drive our server", { skip: withoutPython }, async t => {
  const seen = await drive('exe', `${process.execPath}\n${fixture('server/size.module.js')}`, projectFolder)
  t.comment(JSON.stringify(seen))
  t.equal(seen.greeting, 'Connected to size\n')
  t.equal(seen.pcomms, 'SIZE|JOB|TREE|STOP|CLOSE')
  t.same(seen.up, TWENTY_UP)
  t.equal(seen.size, 'driver|SIZE|{"size":65536}')
  t.equal(seen.running, true)
  inTime(t, 'stop', (seen.stop_s ?? Infinity) * 1000, 2000)
  t.equal(seen.up_after_stop, '1')
  inTime(t, 'end', seen.end_s * 1000, 2000)
  t.same(seen.survivors, [])
})

t.test("the same driver drives Python's own server: what is different there", { skip: withoutPython }, async t => {
  const seen = await drive(
    'exe',
    `${process.env['INTEROP_PYTHON'] ?? ''}\n${join(testFolder, 'interop', 'python_module.py')}`,
    projectFolder,
  )
  t.comment(JSON.stringify(seen))
  t.equal(seen.greeting, 'Connected to size\n')
  t.equal(seen.pcomms, 'SIZE|JOB|TREE|STOP|CLOSE|GET_PCOMMS|UP')
  t.same(seen.up, TWENTY_UP)
  t.equal(seen.size, 'driver|SIZE|{"size":65536}')
})

for (const kind of ['exe', 'python'] as const) {
  t.test(
    `the example module is started by the ${kind} launcher and leaves nothing behind`,
    { skip: withoutPython },
    async t => {
      const folder = join(t.testdir(), 'dareplane-module')
      cpSync(join(projectFolder, 'examples/dareplane-module'), folder, { recursive: true })
      cpSync(join(folder, 'package.template.json'), join(folder, 'package.json'))
      mkdirSync(join(folder, 'node_modules'))
      symlinkSync(projectFolder, join(folder, 'node_modules', 'dareplane-utils'), 'dir')
      const seen = await drive(kind, kind === 'exe' ? join(folder, 'api/server.js') : 'api.server', folder)
      t.comment(JSON.stringify(seen))
      t.equal(seen.greeting, 'Connected to dareplane-module\n')
      t.equal(seen.pcomms, 'START|SET|STOP|CLOSE')
      t.same(seen.up, TWENTY_UP)
      inTime(t, 'end', seen.end_s * 1000, 1500)
      t.same(seen.survivors, [])
    },
  )
}
