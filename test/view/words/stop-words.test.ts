import t from 'tap'
import { stopWords } from '../../../src/view/words/stop-words.js'
import type { ModuleStatus, ModuleStop, StopResult } from '../../../src/view/wire/status.js'

const NOW = 1e9
const stopped: ModuleStop = { module: 'm1', name: 'decoder', outcome: 'reported', jobs: 2, ended: 2, mayHaveJob: true }
const silent: ModuleStop = { module: 'm2', name: 'stim', outcome: 'silent', jobs: 0, ended: 0, mayHaveJob: true }
const up: ModuleStatus = {
  key: 'm2', name: 'stim', address: '127.0.0.1:1', state: 'up', endedJobs: [], commands: [], jobs: [],
} // prettier-ignore

const result = (...modules: ModuleStop[]): StopResult => ({ id: 'x', at: NOW, tookMs: 12.3, all: true, modules })
const words = (of: StopResult, modules: ModuleStatus[] = [], afterS = 1) => stopWords(of, modules, NOW + afterS)

t.test('it has stopped where every module has reported the end of its jobs', async t => {
  t.match(words(result(stopped)), { kind: 'stopped', title: /^Stopped at .* \(12\sms\)$/, detail: '2 of 2 jobs ended' })
  t.equal(words(result(stopped), [], 61), undefined, 'after a minute that is old')
  t.match(words(result()), { kind: 'answered', detail: 'no module is known' })
  t.match(words(result(stopped, { ...silent, outcome: 'answered' })), { kind: 'answered', title: /^STOP sent/ })
})

t.test('a silent module that may have a job, or a job that is left, is not confirmed, and stays so', async t => {
  const notConfirmed = { kind: 'unconfirmed', title: 'STOP NOT CONFIRMED' }
  t.match(words(result(stopped, silent)), { ...notConfirmed, detail: /^stim may run/ })
  t.match(words(result(stopped, silent), [], 3600), notConfirmed)
  t.match(words(result({ ...stopped, ended: 1 })), { ...notConfirmed, detail: /^decoder may run/ })
  for (const module of [
    { ...up, jobs: [{ name: 'pulses', command: 'START', ageS: 3 }] },
    { ...up, notConfirmed: { at: NOW, mayHaveJob: true } },
    { ...up, state: 'silent' as const },
  ])
    t.match(words(result(stopped, silent), [module]), notConfirmed)
  t.match(words(result(stopped, { ...silent, mayHaveJob: false })), { kind: 'stopped', detail: /stim did not answer/ })
})

t.test('a module that has reported since then that it has no job is stopped', async t => {
  t.match(words(result(stopped, silent), [up]), { kind: 'stopped', detail: '2 of 2 jobs ended · stim later' })
  t.equal(words(result(stopped, silent), [up], 61), undefined)
})
