import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { WindowsTree } from '../../../../src/workers/jobs/tree/windows-tree.js'
import { platform } from '../../../../src/system/platform.js'
import { until } from '../../../../src/system/until.js'
import type { JobObjects } from '../../../../src/workers/jobs/tree/windows-tree.js'

/** A kernel with one Job Object; `refuses` names the call that fails. */
function fakeKernel(refuses?: keyof JobObjects) {
  const calls: string[] = []
  const kernel = { active: 2, limitFlags: 0, calls }
  const call = <T>(name: keyof JobObjects, succeeds: T, fails: T): T => {
    calls.push(name)
    return name === refuses ? fails : succeeds
  }
  const functions: JobObjects = {
    create: () => call('create', 7, 0),
    setInformation(job, kind, information, bytes) {
      t.same([job, kind, bytes, information.length], [7, 9, 144, 144])
      kernel.limitFlags = new DataView(information.buffer).getUint32(16, true)
      return call('setInformation', true, false)
    },
    queryInformation(job, kind, information, bytes) {
      t.same([job, kind, bytes, information.length], [7, 1, 48, 48])
      new DataView(information.buffer).setUint32(40, kernel.active, true)
      return call('queryInformation', true, false)
    },
    openProcess(access, inherit, pid) {
      t.same([access, inherit, pid], [0x101, false, 42])
      return call('openProcess', 8, 0)
    },
    assign(job, process) {
      t.same([job, process], [7, 8])
      return call('assign', true, false)
    },
    terminate(job) {
      t.equal(job, 7)
      kernel.active = 0
      return call('terminate', true, false)
    },
    closeHandle: () => call('closeHandle', true, false),
  }
  return { kernel, functions }
}

t.test('a Job Object holds the tree, ends it with this process, and knows when it is empty', t => {
  const { kernel, functions } = fakeKernel()
  const tree = new WindowsTree(42, functions)
  t.equal(kernel.limitFlags, 0x2000, 'the kernel ends the processes with the last handle')
  t.equal(kernel.calls.filter(name => name === 'closeHandle').length, 1, 'only the handle of the process is closed')
  t.equal(tree.isAlive(), true)
  t.equal(tree.signal('SIGTERM'), false, 'there are no signals to wait for')
  t.equal(tree.isAlive(), true)
  t.equal(tree.signal('SIGKILL'), true)
  t.equal(tree.isAlive(), false)
  t.same([tree.strays(), tree.signalStrays()], [[], []])
  t.end()
})

t.test('without a Job Object it is the first process that counts', t => {
  for (const refuses of ['create', 'setInformation', 'openProcess', 'assign'] as const) {
    const { kernel, functions } = fakeKernel(refuses)
    const tree = new WindowsTree(42, functions)
    t.notOk(kernel.calls.includes('queryInformation'))
    t.equal(typeof tree.isAlive(), 'boolean', refuses)
    t.notOk(kernel.calls.includes('queryInformation'), 'the missing job is not asked')
  }
  t.equal(new WindowsTree(process.pid, undefined).isAlive(), true)
  t.end()
})

t.test('without a Job Object it is taskkill that ends the tree', { skip: platform() === 'windows' }, async t => {
  const folder = t.testdir({ taskkill: '#!/bin/sh\necho "$@" >> "$0.said"\n' })
  chmodSync(join(folder, 'taskkill'), 0o755)
  const { PATH = '' } = process.env
  process.env['PATH'] = `${folder}:${PATH}`
  t.teardown(() => (process.env['PATH'] = PATH))
  const tree = new WindowsTree(4711, undefined)
  t.equal(tree.signal('SIGTERM'), false, 'there is nobody to ask')
  t.equal(tree.signal('SIGKILL'), true)
  const said = (): string => readFileSync(join(folder, 'taskkill.said'), { encoding: 'utf8', flag: 'a+' })
  await until(() => said() !== '', { everyMs: 5, timeoutMs: 20_000 })
  t.equal(said(), '/PID 4711 /T /F\n')
})
