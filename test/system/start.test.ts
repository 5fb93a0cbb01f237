import t from 'tap'
import { inheritedArguments, refusesFiles } from '../../src/system/start.js'
import { runNode } from '../support/child.js'

const library = JSON.stringify(new URL('../../src/index.js', import.meta.url))
const job = JSON.stringify(new URL('../fixtures/jobs/until-stopped.job.js', import.meta.url))

/** Runs `program` as a person does on the command line, with options of V8 beside it, which no thread may be given by name. */
async function typed(program: string): Promise<string> {
  const { stdout } = await runNode(['--expose-gc', '--input-type=module', '-e', program])
  return stdout.trim()
}

t.test('another program inherits loaders and limits, but neither code nor a debugger', t => {
  t.same(inheritedArguments(['--enable-source-maps', '--import=x']), ['--enable-source-maps', '--import=x'])
  t.same(inheritedArguments(['--input-type=module', '--import=x', '-e', 'text']), ['--import=x'])
  t.same(inheritedArguments(['--eval=text', '--inspect-brk=9229', '--test']), [])
  t.equal(refusesFiles(['--import=x']), false)
  t.equal(refusesFiles(['--input-type=module']), true)
  t.end()
})

t.test('a program on the command line logs like any other', async t => {
  const output = await typed(`
    import { getLogger, LogRecordSocketReceiver } from ${library}
    const receiver = new LogRecordSocketReceiver({ port: 0, logfile: null })
    receiver.once('record', record => { console.log(record.message, record.threadName); receiver.close() })
    receiver.once('listening', () => getLogger('x', { port: receiver.port }).info('hello'))
    await receiver.serveUntilStopped()`)
  t.equal(output, 'hello MainThread')
})

t.test('a program on the command line starts jobs of every kind', async t => {
  const output = await typed(`
    import * as api from ${library}
    const module = new URL(${job})
    const jobs = [api.startWorkerJob(module), api.startWorkerJob(module, { isolation: 'process' }), api.startSubprocessJob(process.execPath, ['-e', '0'])]
    const ends = await Promise.all(jobs.map(job => job.stop()))
    const task = new URL('data:text/javascript,export default n => n + 1')
    console.log(ends.map(end => end.outcome).join(' '), await api.runInPool(task, 1))`)
  t.equal(output, 'returned returned returned 2')
})

t.test('a program on the command line watches a stream', async t => {
  const output = await typed(`
    import * as api from ${library}
    const name = 'typed-${process.pid}'
    const info = new api.StreamInfo({ name, channelCount: 1, sourceId: name })
    const outlet = new api.StreamOutlet(info, { engine: 'builtin' })
    for (const isolation of ['thread', 'process']) {
      const watcher = new api.StreamWatcher({ name, engine: 'builtin', isolation })
      await watcher.connectToStream({ timeoutS: 30 })
      outlet.pushSample([42])
      for await (const { data } of watcher.windows()) { console.log(isolation, data[0]); break }
      await watcher.disconnect()
    }
    await outlet.close()`)
  t.equal(output, 'thread 42\nprocess 42')
})
