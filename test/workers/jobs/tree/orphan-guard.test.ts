import { ChildProcess } from 'node:child_process'
import t from 'tap'
import { guardGroup, unguardGroup } from '../../../../src/workers/jobs/tree/orphan-guard.js'

t.test('a guard is started for a group, but not on Windows, where the kernel ends the processes', async t => {
  let started = 0
  const spawn = (): never => {
    started++
    throw new Error('no process can be started')
  }
  t.intercept(ChildProcess.prototype, 'spawn' as never, { value: spawn })
  const windows = t.intercept(process, 'platform', { value: 'win32' })
  guardGroup(4711)
  t.equal(started, 0)
  windows.restore()
  guardGroup(4711)
  t.equal(started, 1)
  unguardGroup(4711)
})
