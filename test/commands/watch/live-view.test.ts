import type { WriteStream } from 'node:tty'
import t from 'tap'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import type { StreamWatcher } from '../../../src/stream-watcher.js'
import { LiveView } from '../../../src/commands/watch/live-view.js'
import type { Report } from '../../../src/commands/watch/observer.js'

class Terminal {
  text = ''
  readonly rows: number
  readonly columns: number

  constructor(rows: number, columns: number) {
    this.rows = rows
    this.columns = columns
  }

  write(text: string): boolean {
    this.text += text
    return true
  }

  /** The lines of the last drawing, without control sequences. */
  get screen(): string[] {
    const drawn = this.text.slice(this.text.lastIndexOf('\u001b[0J') + 4)
    return drawn.split('\n').slice(0, -1)
  }
}

function viewOf(
  channels: number,
  terminal: Terminal,
  channelFormat: 'float32' | 'string' = 'float32',
): { view: LiveView; report: Report } {
  const info = new StreamInfo({
    name: 'S',
    channelCount: channels,
    channelFormat,
    channels: Array.from({ length: channels }, (_, c) => ({
      label: `a rather long channel name ${c}`,
      unit: 'microvolts',
    })),
  })
  const snapshot = (): unknown => ({ data: Float32Array.from({ length: channels * 100 }, (_, i) => i) })
  const watcher = { info, snapshot, unfoldBufferT: () => new Float64Array(100) } as unknown as StreamWatcher
  const shown = Array.from({ length: channels }, (_, channel) => channel)
  const view = new LiveView(terminal as unknown as WriteStream, watcher, { channels: shown, hasKeys: true })
  view.begin(info)
  const stats = {
    frames: 1,
    rateByClock: 250,
    ageS: 0.01,
    lost: 0,
    lapped: 0,
    gaps: 0,
    gapFrames: 0,
  } as Report['stats']
  const values = Array.from({ length: channels }, (_, c) => c + 0.5)
  return { view, report: { name: 'S', state: 'connected', stats, latency: undefined, silentSamples: 0, values } }
}

t.test('a view fits its terminal, however many channels there are', async t => {
  for (const [rows, columns, channels] of [
    [24, 80, 3],
    [24, 80, 300],
    [5, 40, 8],
    [2, 20, 1],
  ] as const) {
    // prettier-ignore
    const terminal = new Terminal(rows, columns)
    const { view, report } = viewOf(channels, terminal)
    view.report(report)
    t.ok(
      terminal.screen.every(line => line.length < columns),
      `${channels} channels in ${columns} columns`,
    )
    t.ok(terminal.screen.length <= Math.max(3, rows), `${channels} channels in ${rows} rows`)
  }
})

t.test('a redrawn view begins where the one before began', async t => {
  const terminal = new Terminal(24, 80)
  const { view, report } = viewOf(4, terminal)
  view.report(report)
  const { length } = terminal.screen
  terminal.text = ''
  view.report(report)
  t.ok(terminal.text.startsWith(`\u001b[${length}A`))
  t.equal(terminal.screen.length, length)
})

t.test('each channel has its name, a spark line and its newest value; events stay on the screen', async t => {
  const terminal = new Terminal(24, 80)
  const { view, report } = viewOf(2, terminal)
  view.event('lost', { reason: 'gone' })
  view.report(report)
  t.match(terminal.screen[1], /^\d\d:\d\d:\d\d  CONNECTED  250\.0 Hz  1 samples  missing 0$/)
  t.match(terminal.screen[3], /^scale: \S+ to \S+ µV for all channels; 100 samples$/)
  t.match(terminal.screen[4], /^a rather … {1,}[▁▂▃▄▅▆▇█]+ +0\.5000 µV$/)
  t.match(terminal.screen.at(-2), /^\d\d:\d\d:\d\d\.\d{3}  lost: reason gone$/)
})

t.test('a lost stream shows no rate of before, and counts what would have come', async t => {
  const terminal = new Terminal(24, 120)
  const { view, report } = viewOf(2, terminal)
  view.report({ ...report, state: 'lost', silentSamples: 500 })
  t.match(terminal.screen[1], /  LOST  0\.0 Hz  1 samples  missing 500 \(500 since it was lost\)$/)
})

t.test('of more markers than there is room for the newest are shown', async t => {
  const terminal = new Terminal(12, 80)
  const { view, report } = viewOf(1, terminal, 'string')
  for (let n = 0; n < 50; n++) view.marker(n, 0, [`marker ${n}`])
  view.report(report)
  t.notMatch(terminal.screen.join('\n'), 'marker 0')
  t.match(terminal.screen.at(-2), / {2}marker 49$/)
})

t.test('keys pause the picture, which then says so, and change the scale', async t => {
  const terminal = new Terminal(24, 100)
  const { view, report } = viewOf(2, terminal)
  view.report(report)
  view.key('p')
  t.match(terminal.screen[1], /  PAUSED, the stream is connected  /)
  view.key('p')
  view.key('s')
  t.match(terminal.screen[3], /^scale: each channel its own/)
  t.match(terminal.screen[4], / 0\.5000 µV +0 to 196$| 0\.5000 µV +\S+ to \S+$/)
})

t.test('with more channels than rows, keys move among them', async t => {
  const terminal = new Terminal(12, 80)
  const { view, report } = viewOf(30, terminal)
  view.report(report)
  const first = terminal.screen[4]
  view.key('down')
  t.not(terminal.screen[4], first)
  t.match(terminal.screen.at(-2), /^2 to \d+ of 30 channels$/)
  view.key('up')
  view.key('up')
  t.equal(terminal.screen[4], first)
})

t.test('nothing of a stream reaches the terminal as a control sequence', async t => {
  const terminal = new Terminal(24, 80)
  const { view, report } = viewOf(1, terminal, 'string')
  view.marker(1, 0, ['\x1b[2J\x9b1m'])
  view.event('lost', { reason: '\x1b]0;title\x07' })
  view.report(report)
  t.notMatch(terminal.screen.join(''), /[\x00-\x1f\x7f-\x9f]/)
})

t.test('what is wrong all the time stays on the screen', async t => {
  const terminal = new Terminal(24, 80)
  const { view, report } = viewOf(3, terminal)
  view.warning('lsl_api.cfg is ignored')
  view.report(report)
  view.report(report)
  t.ok(terminal.screen.some(line => line.includes('WARNING: lsl_api.cfg is ignored')))
})
