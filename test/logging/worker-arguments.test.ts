import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { workerExecArgv } from '../../src/logging/worker-arguments.js'

t.test('a worker inherits the options of node, but not a program on the command line', t => {
  t.equal(workerExecArgv(['--enable-source-maps', '--import=x']), undefined)
  t.same(workerExecArgv(['--input-type=module', '--import=x', '-e', 'text']), ['--import=x'])
  t.same(workerExecArgv(['--eval=text']), [])
  t.end()
})

t.test('a program on the command line logs like any other', async t => {
  const program = `
    import { getLogger } from './dist/logging/get-logger.js'
    import { LogRecordSocketReceiver } from './dist/logging/log-record-socket-receiver.js'
    const receiver = new LogRecordSocketReceiver({ port: 0, logfile: null })
    receiver.once('record', record => { console.log(record.message, record.threadName); receiver.close() })
    receiver.once('listening', () => getLogger('x', { port: receiver.port }).info('hello'))
    await receiver.serveUntilStopped()`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 20_000,
  })
  t.equal(stdout, 'hello MainThread\n')
})
