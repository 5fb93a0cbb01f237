import '../../support/loopback.js'
import { ChildProcess } from 'node:child_process'
import t from 'tap'
import { OutletProcess } from '../../../src/commands/demo/outlet-process.js'
import { uniqueName } from '../../support/loopback.js'

t.test(
  'an outlet that is interrupted says what it has sent, also where every signal is a kill, as on Windows',
  async t => {
    // Any signal ends the child as SIGKILL does.
    const kill = function (this: ChildProcess): boolean {
      return process.kill(this.pid!, 'SIGKILL')
    }
    t.intercept(ChildProcess.prototype, 'kill', { value: kill })
    const name = uniqueName('interrupted')
    const outlet = new OutletProcess(['--name', name, '--linger', '0'])
    t.teardown(() => outlet.close())
    await outlet.ready()
    outlet.interrupt()
    await outlet.ended
    t.ok((outlet.sent.get(name) ?? -1) >= 0, JSON.stringify([...outlet.sent]))
    await outlet.close()
    await outlet.close()
  },
)
