import { uniqueName } from '../support/loopback.js'
import { existsSync, readFileSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { CHANNEL_FORMATS } from '../../src/channel-format.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import type { StreamInfoOptions } from '../../src/lsl/stream-info.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'
import { xmlElement } from '../../src/lsl/xml.js'
import type { XdfRecorderOptions } from '../../src/recording/recorder-options.js'
import { XdfRecorder } from '../../src/recording/xdf-recorder.js'
import type { RecorderEvents } from '../../src/recording/recorder-events.js'
import { readXdf } from '../../src/xdf/read-xdf.js'
import { AS_RECORDED } from '../../src/xdf/stamps/stamp-correction.js'

const engine = 'builtin'

function outletOf(t: Test, options: Partial<StreamInfoOptions> & { name: string }): StreamOutlet {
  const outlet = new StreamOutlet(new StreamInfo({ channelCount: 1, sourceId: options.name, ...options }), { engine })
  t.teardown(() => outlet.close())
  return outlet
}

/** A recorder of all streams of the content type `type`, which no other test has. */
async function recorderOf(t: Test, options: Partial<XdfRecorderOptions> & { type?: string }): Promise<XdfRecorder> {
  const { type = '', ...rest } = options
  const file = join(t.testdir(), 'run.xdf')
  const recorder = new XdfRecorder({ file, streams: `type='${type}'`, engine, flushS: 0.05, ...rest })
  t.teardown(() => recorder.stop())
  return recorder.start()
}

/** The next event that `isIt` accepts. */
function heard<Name extends keyof RecorderEvents>(
  recorder: XdfRecorder,
  name: Name,
  isIt: (...detail: RecorderEvents[Name]) => boolean = () => true,
): Promise<void> {
  return new Promise(resolve => {
    const listener = (...detail: RecorderEvents[Name]): void => {
      if (!isIt(...detail)) return
      recorder.off(name, listener)
      resolve()
    }
    recorder.on(name, listener)
  })
}

/** When so many samples of a stream are in the file. */
async function inFile(recorder: XdfRecorder, name: string, samples: number): Promise<void> {
  const there = (): boolean => recorder.stats.streams.filter(({ info }) => info.name === name).reduce((sum, each) => sum + each.samples, 0) >= samples // prettier-ignore
  while (!there()) await new Promise(resolve => setTimeout(resolve, 5))
}

const numbers = (first: number, count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => first + i)
const stamps = (first: number, count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => first + i)

t.test('all seven formats are in the file as they were sent, with metadata and footers', async t => {
  const type = uniqueName('formats')
  const desc = [xmlElement('amplifier', [xmlElement('model', 'X & Y')])]
  const outlets = CHANNEL_FORMATS.map(channelFormat => outletOf(t, { name: `${type}-${channelFormat}`, type, channelFormat, channelCount: 2, desc })) // prettier-ignore
  const recorder = await recorderOf(t, { type })
  await Promise.all(outlets.map(outlet => outlet.waitForConsumers(30)))
  const value = { int64: 2n ** 62n + 1n, string: 'ü🧠', float32: -0.5, double64: Math.PI, int8: -128, int16: 32767, int32: -(2 ** 31) } // prettier-ignore
  for (const [i, format] of CHANNEL_FORMATS.entries()) {
    for (let s = 0; s < 3; s++) outlets[i]!.pushSample([value[format], value[format]] as number[], 100 + s)
    await inFile(recorder, outlets[i]!.info.name, 3)
  }
  const summary = await recorder.stop()
  t.match(summary, { isComplete: true, notEnded: undefined, absent: [] })
  const damage: string[] = []
  const read = await readXdf(summary.file, { ...AS_RECORDED, onDamage: what => damage.push(what) })
  t.same(damage, [])
  t.equal(read.length, 7)
  for (const { channelFormat, samples, times, footerXml, desc, name } of read) {
    const expected = Array.isArray(samples) ? samples.flat() : [...samples]
    t.same(expected, new Array(6).fill(value[channelFormat]), channelFormat)
    t.same([...times], [100, 101, 102])
    t.match(footerXml, /<first_timestamp>100<.*<last_timestamp>102<.*<sample_count>3</)
    t.equal(desc.children[0]?.children[0]?.text, 'X & Y')
    t.equal(outlets.find(({ info }) => info.name === name)?.info.channelFormat, channelFormat)
  }
})

t.test('a stream that appears later is added, and the others go on', async t => {
  const type = uniqueName('late')
  const first = outletOf(t, { name: `${type}-a`, type })
  const recorder = await recorderOf(t, { type })
  await first.waitForConsumers(30)
  first.pushChunk(numbers(0, 5), stamps(1, 5))
  await inFile(recorder, `${type}-a`, 5)
  const added = heard(recorder, 'added')
  const second = outletOf(t, { name: `${type}-b`, type })
  await added
  first.pushChunk(numbers(5, 5), stamps(6, 5))
  second.pushChunk(numbers(50, 5), stamps(6, 5))
  await inFile(recorder, `${type}-a`, 10)
  await inFile(recorder, `${type}-b`, 5)
  const { file } = await recorder.stop()
  t.same((await readXdf(file, AS_RECORDED)).map(({ samples }) => [...samples]), [[...numbers(0, 10)], [...numbers(50, 5)]]) // prettier-ignore
})

t.test('a stream that restarts goes on as itself, with the interruption in the footer', async t => {
  const type = uniqueName('restart')
  const name = `${type}-a`
  const first = outletOf(t, { name, type })
  const recorder = await recorderOf(t, { type })
  await first.waitForConsumers(30)
  first.pushChunk(numbers(0, 5), stamps(1, 5))
  await inFile(recorder, name, 5)
  const recovered = heard(recorder, 'stream', ({ event }) => event === 'recovered')
  await first.close()
  const second = outletOf(t, { name, type })
  await second.waitForConsumers(30)
  second.pushChunk(numbers(5, 5), stamps(60, 5))
  await recovered
  await inFile(recorder, name, 10)
  const { file, streams } = await recorder.stop()
  t.equal(streams.length, 1)
  t.match(streams[0]?.interruptions, [{ reason: /^lost/, from: Number, to: Number }])
  const [read] = await readXdf(file, AS_RECORDED)
  t.same([...read!.samples], [...numbers(0, 10)])
  t.match(read!.footerXml, /<interruption><reason>lost/)
})

t.test('a stream that comes back in another shape becomes a stream of its own', async t => {
  const type = uniqueName('shape')
  const name = `${type}-a`
  const first = outletOf(t, { name, type })
  const recorder = await recorderOf(t, { type })
  await first.waitForConsumers(30)
  first.pushChunk(numbers(0, 2), stamps(1, 2))
  await inFile(recorder, name, 2)
  const added = heard(recorder, 'added')
  await first.close()
  const second = outletOf(t, { name, type, channelCount: 3 })
  await added
  second.pushChunk(numbers(0, 6), stamps(9, 2))
  await inFile(recorder, name, 4)
  const { file } = await recorder.stop()
  t.same((await readXdf(file, AS_RECORDED)).map(({ channelCount, times }) => [channelCount, times.length]), [[1, 2], [3, 2]]) // prettier-ignore
})

t.test('two streams of one name are recorded both, even of one source', async t => {
  const type = uniqueName('twins')
  const name = `${type}-a`
  const outlets = [outletOf(t, { name, type }), outletOf(t, { name, type }), outletOf(t, { name, type, sourceId: 'other' })] // prettier-ignore
  const recorder = await recorderOf(t, { type })
  for (const [i, outlet] of outlets.entries()) {
    await outlet.waitForConsumers(30)
    outlet.pushChunk(numbers(10 * i, 2), stamps(1, 2))
  }
  await inFile(recorder, name, 6)
  const { file } = await recorder.stop()
  const read = await readXdf(file, AS_RECORDED)
  t.same(read.map(({ samples }) => [...samples]).sort(([a = 0], [b = 0]) => Number(a) - Number(b)), [[0, 1], [10, 11], [20, 21]]) // prettier-ignore
})

t.test('a stream that was asked for and never came is in the summary', async t => {
  const name = uniqueName('there')
  outletOf(t, { name })
  const recorder = await recorderOf(t, { streams: [{ name }, { name: 'never-there', type: 'EEG' }] })
  await heard(recorder, 'added')
  t.same(recorder.stats.absent.at(-1), { name: 'never-there', type: 'EEG' })
  t.match(await recorder.stop(), { isComplete: false, absent: [{ name: 'never-there', type: 'EEG' }] })
})

t.test('a file that is there is never overwritten, and the error says so at the start', async t => {
  const file = join(t.testdir({ 'run.xdf': 'precious' }), 'run.xdf')
  const recorder = new XdfRecorder({ file, engine })
  await t.rejects(recorder.start(), { code: 'ERR_FILE_EXISTS', message: file })
  t.equal(readFileSync(file, 'utf8'), 'precious')
  await recorder.stop()
})

t.test('it stops twice, before it was started too, and does not start again', async t => {
  const recorder = await recorderOf(t, { type: uniqueName('none') })
  const [first, second] = await Promise.all([recorder.stop(), recorder.stop()])
  t.equal(first, second)
  t.ok(existsSync(first.file), 'an empty recording is a file')
  await t.rejects(recorder.start(), { code: 'ERR_ALREADY_CONNECTED' })
  const idle = new XdfRecorder({ file: join(t.testdirName, 'idle.xdf'), engine })
  t.match(await idle.stop(), { isComplete: false })
})

t.test('a wrong predicate and wrong options are errors at once', async t => {
  const file = join(t.testdir(), 'x.xdf')
  await t.rejects(new XdfRecorder({ file, engine, streams: "type='" }).start(), { code: 'ERR_INVALID_PREDICATE' })
  t.notOk(existsSync(file), 'and no file is left')
  const wrong: [object, RegExp][] = [
    [{}, /file must be a non-empty string/],
    [{ file, flushS: 0 }, /flushS must be seconds/],
    [{ file, streams: 7 }, /streams must be 'all'/],
    [{ file, streams: [{ nme: 'x' }] }, /did you mean 'streams\[0\].name'/],
    [{ file, flushMs: 100 }, /unknown option 'flushMs'/],
  ]
  for (const [options, message] of wrong) t.throws(() => new XdfRecorder(options as XdfRecorderOptions), { message })
})

t.test('a recording whose file is taken away goes on in a new one, and says what the old one held', async t => {
  const type = uniqueName('gone')
  const name = `${type}-a`
  const outlet = outletOf(t, { name, type })
  const recorder = await recorderOf(t, { type })
  const { file } = recorder.stats
  await outlet.waitForConsumers(30)
  outlet.pushChunk(numbers(0, 3), stamps(1, 3))
  await inFile(recorder, name, 3)
  const moved = heard(recorder, 'moved')
  await rename(file, `${file}.away`)
  await moved
  outlet.pushChunk(numbers(3, 3), stamps(4, 3))
  await inFile(recorder, name, 3)
  const summary = await recorder.stop()
  t.equal(summary.file, file)
  t.match(summary, { isComplete: false, streams: [{ samples: 3, missing: { gone: 3 } }] })
  t.same([...(await readXdf(file, AS_RECORDED))[0]!.samples], [3, 4, 5])
  t.same([...(await readXdf(`${file}.away`, AS_RECORDED))[0]!.samples], [0, 1, 2])
  await rm(`${file}.away`)
})

t.test('what comes after the end is not missing: a stream that goes on is recorded whole', async t => {
  const type = uniqueName('on')
  const outlet = outletOf(t, { name: type, type, nominalSrate: 1000 })
  const recorder = await recorderOf(t, { type })
  await outlet.waitForConsumers(30)
  let sent = 0
  const sending = setInterval(() => {
    outlet.pushChunk(numbers(sent, 5), stamps(0, 5).map(i => (sent + i) / 1000)) // prettier-ignore
    sent += 5
  }, 1)
  t.teardown(() => clearInterval(sending))
  await inFile(recorder, type, 200)
  const summary = await recorder.stop()
  t.ok(summary.isComplete, JSON.stringify(summary.streams[0]?.missing))
  const [read] = await readXdf(summary.file, AS_RECORDED)
  t.equal(read!.samples.length, summary.streams[0]?.samples)
})

t.test('a folder that is moved away is made again, and the recording goes on there', async t => {
  const type = uniqueName('folder')
  const folder = join(t.testdir({ data: {} }), 'data')
  const outlet = outletOf(t, { name: type, type })
  const recorder = new XdfRecorder({ file: join(folder, 'run.xdf'), streams: `type='${type}'`, engine, flushS: 0.05 })
  t.teardown(() => recorder.stop())
  await recorder.start()
  await outlet.waitForConsumers(30)
  outlet.pushChunk(numbers(0, 3), stamps(1, 3))
  await inFile(recorder, type, 3)
  const moved = heard(recorder, 'moved')
  await rename(folder, `${folder}-old`)
  await moved
  outlet.pushChunk(numbers(3, 3), stamps(4, 3))
  await inFile(recorder, type, 3)
  await recorder.stop()
  t.same([...(await readXdf(join(folder, 'run.xdf'), AS_RECORDED))[0]!.samples], [3, 4, 5])
  t.same([...(await readXdf(join(`${folder}-old`, 'run.xdf'), AS_RECORDED))[0]!.samples], [0, 1, 2])
})

t.test('a burst of an irregular stream, as large as an outlet can keep, is recorded whole', async t => {
  const type = uniqueName('burst')
  const info = new StreamInfo({ name: type, type, channelCount: 1, channelFormat: 'int32' })
  const outlet = new StreamOutlet(info, { engine, maxBufferedS: 360 })
  t.teardown(() => outlet.close())
  const recorder = await recorderOf(t, { type, flushS: 1 })
  await outlet.waitForConsumers(30)
  outlet.pushChunk(Int32Array.from({ length: 36_000 }, (_, i) => i), stamps(0, 36_000)) // prettier-ignore
  await inFile(recorder, type, 36_000)
  const { file, isComplete } = await recorder.stop()
  t.ok(isComplete)
  t.ok((await readXdf(file, AS_RECORDED))[0]!.samples.every((value, i) => value === i))
})
