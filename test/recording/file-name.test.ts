import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fromLabRecorder, recordingFile } from '../../src/recording/file-name.js'

const now = new Date(2026, 0, 2, 3, 4, 5)

t.test('a template names the file, and counts its runs up', async t => {
  const folder = t.testdir()
  const name = (): string => recordingFile('sub-{participant}_run-{run}_{date}_{time}.xdf', { participant: 'P 1' }, { folder, now }) // prettier-ignore
  t.equal(name(), join(folder, 'sub-P-1_run-001_2026-01-02_03-04-05.xdf'))
  writeFileSync(name(), '')
  t.equal(name(), join(folder, 'sub-P-1_run-002_2026-01-02_03-04-05.xdf'))
})

t.test('a name that is taken and cannot count is an error, and so is a run that is there', async t => {
  const folder = t.testdir({ 'a.xdf': '', 'run-007.xdf': '' })
  t.throws(() => recordingFile('a.xdf', {}, { folder }), { code: 'ERR_FILE_EXISTS' })
  t.throws(() => recordingFile('run-{run}.xdf', { run: '7' }, { folder }), { code: 'ERR_FILE_EXISTS' })
  t.equal(recordingFile('run-{run}.xdf', { run: '8' }, { folder }), join(folder, 'run-008.xdf'))
})

t.test('a value cannot choose another folder, and an unknown placeholder is named', async t => {
  const folder = t.testdir()
  t.equal(
    recordingFile('{participant}.xdf', { participant: '../../etc/x' }, { folder }),
    join(folder, '..-..-etc-x.xdf'),
  )
  t.throws(
    () => recordingFile('{sbject}.xdf', {}, { folder }),
    new TypeError('nothing is known of {sbject} in "{sbject}.xdf"'),
  )
})

t.test('whatever a value is, its file lies in the folder and can be there on every system', async t => {
  const folder = t.testdir()
  const name = (participant: string): string => recordingFile('{participant}/{run}.xdf', { participant, run: '1' }, { folder }) // prettier-ignore
  t.equal(name('..'), join(folder, '--', '001.xdf'))
  t.equal(name('.'), join(folder, '-', '001.xdf'))
  t.equal(name('a\0b'), join(folder, 'a-b', '001.xdf'))
  t.equal(name('\x1b[2J\u202e'), join(folder, '-[2J-', '001.xdf'))
  t.equal(name('CON'), join(folder, '_CON', '001.xdf'))
  t.equal(recordingFile('{run}/a.xdf', { run: '..' }, { folder }), join(folder, '--', 'a.xdf'))
  t.equal(recordingFile('{p}.xdf', { p: 'nul' }, { folder }), join(folder, '_nul.xdf'))
  t.equal(recordingFile('{p}.xdf', { p: 'console' }, { folder }), join(folder, 'console.xdf'))
  for (const inherited of ['constructor', 'toString', '__proto__'])
    t.throws(() => recordingFile(`{${inherited}}.xdf`, {}, { folder }), /nothing is known of/, inherited)
})

t.test('templates of LabRecorder mean the same', async t => {
  t.equal(fromLabRecorder('exp%n/sub-%p_ses-%s_%b_%a_%m_%r.xdf'), 'exp{run}/sub-{participant}_ses-{session}_{task}_{acquisition}_{modality}_{run}.xdf') // prettier-ignore
})
