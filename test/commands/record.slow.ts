import { uniqueName } from '../support/loopback.js'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import t from 'tap'
import { readXdf } from '../../src/xdf/read-xdf.js'
import { AS_RECORDED } from '../../src/xdf/stamps/stamp-correction.js'
import { Dareplane, dareplane } from '../support/dareplane.js'
import { recording } from '../support/xdf/recordings.js'

const env = { DAREPLANE_ENGINE: 'builtin' }

t.test(
  'a recording that is replayed and recorded again holds the same',
  { skip: recording('minimal.xdf').skip },
  async t => {
    const { file } = recording('minimal.xdf')
    const output = join(t.testdir(), 'again.xdf')
    const names = ['SendDataC', 'SendDataString']
    await using record = new Dareplane(['record', ...names, '-o', output, '--flush', '0.1'], env)
    await record.line(/^recording/)
    await using outlet = new Dareplane(['outlet', '--xdf', file, '--stamps', 'original', '--wait-consumers', '60', '--linger', '10'], env) // prettier-ignore
    await outlet.line(/^sent /)
    await outlet.interrupt()
    await record.line(/'SendDataC' lost/)
    const { code, stdout } = await record.interrupt()
    t.match(stdout, /nothing is missing/)
    t.equal(code, 0)
    const raw = await readXdf(file, AS_RECORDED)
    const again = await readXdf(output, AS_RECORDED)
    for (const { name, samples, times, channelFormat, nominalSrate } of raw) {
      const stream = again.find(each => each.name === name)
      t.match(stream, { channelFormat, nominalSrate })
      t.same([stream?.samples, stream?.times], [samples, times], name)
    }
  },
)

t.test('a stream that never came is said in the summary and by the exit code', async t => {
  const output = join(t.testdir(), 'none.xdf')
  const { code, stdout } = await dareplane('record', uniqueName('never'), '-o', output, '--seconds', '0.2')
  t.equal(code, 1)
  t.match(stdout, /'never-.*' was never there/)
  t.ok(existsSync(output))
})

t.test('without a marker a recording that needs one is a failure', async t => {
  const args = ['--predicate', `name='${uniqueName('none')}'`, '-o', join(t.testdir(), 'x.xdf'), '--seconds', '0.1']
  t.match(await dareplane('record', ...args, '--markers-required'), { code: 1, stdout: /no marker was recorded/ })
})

t.test('mistakes are one line and touch no file', async t => {
  const folder = t.testdir({ 'there.xdf': 'precious' })
  const there = join(folder, 'there.xdf')
  for (const [args, message] of [
    [[], /say which streams/],
    [['--all', '--predicate', "type='EEG'"], /say which streams/],
    [['--all', '-o', there], /there\.xdf is there already/],
    [
      ['--all', '-o', join(folder, 'no', 'x.xdf')],
      /no[/\\]x\.xdf cannot be written: there is no folder .*no; make it first/,
    ],
    [['--all', '--name', '{sbject}.xdf', '--folder', folder], /nothing is known of \{sbject\}/],
    [['--module', '--all'], /says what is recorded/],
  ] as const) {
    const { code, stderr } = await dareplane('record', ...args)
    t.not(code, 0)
    t.match(stderr, message)
    t.equal(stderr.trim().split('\n').length, 1)
  }
  t.equal(readFileSync(there, 'utf8'), 'precious')
})

t.test('as a module it records on the commands of dp-lsl-recording', async t => {
  const folder = t.testdir()
  await using module = new Dareplane(['record', '--module', '--port', '0', '--folder', folder, '--flush', '0.1'], env)
  const port = Number(/\d+$/.exec(await module.line(/^module on port/))?.[0])
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  await once(socket, 'data')
  writeFileSync(join(folder, 'taken.xdf'), '')
  socket.write(`SET_SAVE_PATH|{"fname": "run", "data_root": ${JSON.stringify(folder)}}\nSELECT_ALL\nUPDATE\nRECORD\n`)
  await module.line(/^recording .*run\.xdf/)
  socket.write('STOPRECORD\nSET_SAVE_PATH|{"fname": "taken"}\nRECORD\n')
  t.match(
    await module.line(/^recording .*taken/),
    /taken_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.xdf/,
    'a name that is taken gets the time',
  )
  t.equal(readFileSync(join(folder, 'taken.xdf'), 'utf8'), '')
  socket.destroy()
  t.match(await module.interrupt(), { code: 0 })
})
