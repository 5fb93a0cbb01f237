import fs, {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { LogFile } from '../../../src/logging/receiver/log-file.js'
import type { Rotation } from '../../../src/logging/receiver/rotation.js'

interface Opened {
  readonly log: LogFile
  readonly told: string[]
  readonly append: (line: string) => Promise<void>
}

/** An open log file, what it tells, and an `append` that resolves when the line is kept. */
async function opened(t: Test, rotation?: Rotation): Promise<Opened> {
  const told: string[] = []
  const log = new LogFile(join(t.testdir(), 'all.log'), {
    rotation,
    onDrain: () => undefined,
    tell: text => told.push(text),
  })
  await log.open()
  const append = (line: string): Promise<void> => new Promise(kept => log.append([{ text: `${line}\n` }], kept))
  return { log, told, append }
}

const filesOf = (log: LogFile): string[] => readdirSync(dirname(log.path)).sort()
/** All lines of all files of a folder, the oldest first as their text says. */
const linesOf = (log: LogFile): string[] =>
  filesOf(log)
    .map(name => join(dirname(log.path), name))
    .filter(path => statSync(path).isFile())
    .flatMap(path => readFileSync(path, 'utf8').split('\n'))
    .filter(line => line.startsWith('line'))
    .sort()

t.test('a file that is deleted or moved away while it is open is made anew, and the next record is in it', async t => {
  const { log, append } = await opened(t)
  await append('line 1')
  unlinkSync(log.path)
  await append('line 2')
  renameSync(log.path, `${log.path}.moved`)
  await append('line 3')
  await log.close()
  t.equal(readFileSync(log.path, 'utf8'), 'line 3\n')
  t.equal(readFileSync(`${log.path}.moved`, 'utf8'), 'line 2\n')
})

for (const [what, block] of [
  ['a symbolic link', (path: string) => symlinkSync(join(dirname(path), 'elsewhere'), path)],
  ['a folder', (path: string) => mkdirSync(path)],
] as const) {
  t.test(`while ${what} is in its place records wait, and are in a file at the end`, async t => {
    const { log, told, append } = await opened(t)
    writeFileSync(join(dirname(log.path), 'elsewhere'), 'mine')
    await append('line 1')
    unlinkSync(log.path)
    block(log.path)
    for (let n = 2; n < 202; n++) await append(`line ${n}`)
    await log.close()
    await log.close()
    t.equal(readFileSync(join(dirname(log.path), 'elsewhere'), 'utf8'), 'mine', 'no link is followed')
    const [rescued = ''] = filesOf(log).filter(name => name.includes('rescued'))
    t.equal(
      readFileSync(join(dirname(log.path), rescued), 'utf8')
        .trimEnd()
        .split('\n').length,
      200,
    )
    t.match(told[0], /cannot be written .*records wait in memory/)
    t.match(told.at(-1), new RegExp(`are in .*${rescued}$`))
  })
}

t.test('once the way is free again the file goes on', async t => {
  const { log, append } = await opened(t)
  unlinkSync(log.path)
  symlinkSync('elsewhere', log.path)
  await append('line 1')
  unlinkSync(log.path)
  await log.close()
  t.equal(readFileSync(log.path, 'utf8'), 'line 1\n')
})

t.test('a rotation that fails loses no line of any file, and the file grows on', async t => {
  const { log, told, append } = await opened(t, { size: '1K', files: 3 })
  const line = (n: number): string => `line ${String(n).padStart(3, '0')} ${'x'.repeat(90)}`
  for (let n = 0; n < 25; n++) await append(line(n))
  const before = linesOf(log)
  // In the way of FILE itself, and of FILE.2.
  mkdirSync(join(`${log.path}.0`, 'x'), { recursive: true })
  for (let n = 25; n < 60; n++) await append(line(n))
  await log.close()
  t.same(
    [...before, ...Array.from({ length: 35 }, (_, n) => line(n + 25))].filter(each => !linesOf(log).includes(each)),
    [],
  )
  t.match(told, [/cannot be put aside .* and grows on$/])
})

t.test('while an old file cannot be renamed, further rotations move no other a second time', async t => {
  const { log, told, append } = await opened(t, { size: '1K', files: 4 })
  // As on Windows while a viewer has FILE.1 open.
  const { renameSync } = fs
  fs.renameSync = (from, to) => {
    if (from === `${log.path}.1`) throw Object.assign(new Error('EBUSY'), { code: 'EBUSY' })
    renameSync(from, to)
  }
  syncBuiltinESMExports()
  t.teardown(() => {
    fs.renameSync = renameSync
    syncBuiltinESMExports()
  })
  for (const number of [1, 2, 3, 4]) writeFileSync(`${log.path}.${number}`, `line old ${number}\n`)
  const fill = 'x'.repeat(1100)
  // Each is larger than the limit, and than the growth after which the rotation is tried again.
  for (const n of [1, 2, 3, 4]) await append(`line new ${n} ${fill}`)
  await log.close()
  const kept = linesOf(log).map(line => line.replace(/ x+$/, ''))
  t.same(kept, ['line new 1', 'line new 2', 'line new 3', 'line new 4', 'line old 1', 'line old 2', 'line old 3'])
  t.match(told, [/cannot be put aside/])
})

t.test('a rotation that is cut short in the middle of its names is finished by the next', async t => {
  const { log, append } = await opened(t, { size: '1K', files: 3 })
  await append('line now')
  for (const number of [0, 1, 2, 3]) writeFileSync(`${log.path}.${number}`, `line ${number}\n`)
  await append(`line next ${'x'.repeat(1100)}`)
  await log.close()
  t.match(readFileSync(log.path, 'utf8'), /^line next/)
  const contents = [1, 2, 3].map(number => readFileSync(`${log.path}.${number}`, 'utf8'))
  t.same(contents, ['line now\n', 'line 0\n', 'line 1\n'])
  t.equal(existsSync(`${log.path}.0`), false)
})

t.test('what comes after half a line, as a killed process leaves it, stands on a line of its own', async t => {
  const path = join(t.testdir({ 'half.log': 'line 1\nline 2, ha', 'whole.log': 'line 1\n', 'empty.log': '' }), 'x')
  for (const [name, expected] of [
    ['half.log', 'line 1\nline 2, ha\nline 3\n'],
    ['whole.log', 'line 1\nline 3\n'],
    ['empty.log', 'line 3\n'],
  ] as const) {
    const log = new LogFile(join(dirname(path), name), { onDrain: () => undefined, tell: () => undefined })
    await log.open()
    await new Promise<void>(kept => log.append([{ text: 'line 3\n' }], kept))
    await log.close()
    t.equal(readFileSync(log.path, 'utf8'), expected)
  }
})
