import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { FileGone, GaveUp, RecordingFile } from '../../../src/workers/recorder/recording-file.js'
import type { RecordingHandle } from '../../../src/workers/recorder/recording-file.js'
import { seededRandom } from '../../support/random.js'

const random = seededRandom(t)
const quiet = { trouble: () => undefined, well: () => undefined }

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: it failed`), { code })
}

/** A disk in memory whose faults the test decides: `next` is asked at each write how many of so many bytes it takes. */
function disk(
  path: string,
  next: (bytes: number) => number | Error | Promise<number>,
): { handle: RecordingHandle; content: Buffer } {
  const content = Buffer.alloc(2 ** 20)
  const handle: RecordingHandle = {
    async write(bytes, offset, length, position) {
      const taken = await next(length)
      if (taken instanceof Error) throw taken
      bytes.copy(content, position, offset, offset + taken)
      return { bytesWritten: taken }
    },
    datasync: () => Promise.resolve(),
    stat: () => stat(path),
    close: () => Promise.resolve(),
  }
  return { handle, content }
}

t.test('writes that fail or come to their half leave no gap and nothing twice', async t => {
  let failures = 0
  const path = join(t.testdir({ x: '' }), 'x')
  const { handle, content } = disk(path, length => {
    if (random() < 0.02 && failures++ < 5) return failure('EIO')
    return random() < 0.5 ? length : Math.floor(random() * (length + 1))
  })
  const file = new RecordingFile(path, handle, quiet)
  const expected: Buffer[] = []
  for (let i = 0; i < 100; i++) {
    const bytes = Buffer.alloc(Math.floor(random() * 5000), i)
    expected.push(bytes)
    await file.append(bytes)
  }
  const all = Buffer.concat(expected)
  t.equal(file.bytes, all.length)
  t.ok(content.subarray(0, all.length).equals(all))
})

t.test('a full disk is told once, and once when it has room again', async t => {
  const told: string[] = []
  let full = 3
  const path = join(t.testdir({ x: '' }), 'x')
  const { handle } = disk(path, length => (full-- > 0 ? failure('ENOSPC') : length))
  const file = new RecordingFile(path, handle, { trouble: reason => told.push(reason), well: () => told.push('well') })
  await file.append(Buffer.from('abc'))
  t.same(told, ['the disk is full', 'well'])
  t.equal(file.trouble, undefined)
})

t.test('a disk that hangs is told, and who gives up does not wait for it', async t => {
  const path = join(t.testdir({ x: '' }), 'x')
  const { handle } = disk(path, () => new Promise<number>(() => undefined))
  const file = new RecordingFile(path, handle, {
    trouble: reason => {
      t.equal(reason, 'the disk does not answer')
      file.giveUp()
    },
    well: () => undefined,
  })
  await t.rejects(file.append(Buffer.from('abc')), GaveUp)
  await t.rejects(file.append(Buffer.from('abc')), GaveUp, 'nor who comes later')
  await file.close()
})

t.test('a file that is there is not touched', async t => {
  const path = join(t.testdir({ 'there.xdf': 'precious' }), 'there.xdf')
  await t.rejects(RecordingFile.create(path, quiet), { code: 'ERR_FILE_EXISTS', message: path })
  t.equal(await readFile(path, 'utf8'), 'precious')
})

t.test('a file that cannot be made is an error of one line that names it', async t => {
  const path = join(t.testdir(), 'no', 'folder', 'run.xdf')
  await t.rejects(RecordingFile.create(path, quiet), { code: 'ERR_FILE_INVALID', message: /^.*run\.xdf cannot be written: .*$/ }) // prettier-ignore
})

t.test('a file that is moved away, deleted or replaced is noticed', async t => {
  const folder = t.testdir()
  const path = join(folder, 'run.xdf')
  for (const doAway of [
    () => rm(path),
    () => rename(path, `${path}.old`),
    () => rm(path).then(() => writeFile(path, '')),
  ]) {
    const file = await RecordingFile.create(path, quiet)
    await file.append(Buffer.from('abc'))
    await file.sync()
    // Kept alive, so that the number of the deleted file is not given to the new one.
    await doAway()
    await t.rejects(file.sync(), FileGone)
    await file.close()
    await rm(path, { force: true })
  }
})
