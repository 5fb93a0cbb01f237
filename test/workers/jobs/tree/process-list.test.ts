import t from 'tap'
import { fromPs, processList } from '../../../../src/workers/jobs/tree/process-list.js'
import { platform } from '../../../../src/system/platform.js'

t.test('ps and /proc tell the same of this process', { skip: platform() !== 'linux' }, t => {
  const self = (entries: ReturnType<typeof processList>) => entries.find(({ pid }) => pid === process.pid)
  const { parent, group, zombie } = self(processList()) ?? {}
  t.equal(parent, process.ppid)
  t.match(self(fromPs()) ?? { group: 'ps is not installed' }, self(fromPs()) ? { parent, group, zombie } : {})
  t.end()
})

t.test('a list is as new as it is asked to be', { skip: platform() !== 'linux' }, t => {
  const now = performance.now()
  const first = processList(now)
  t.equal(processList(now), first, 'jobs that stop together share one')
  t.not(processList(performance.now()), first)
  t.end()
})
