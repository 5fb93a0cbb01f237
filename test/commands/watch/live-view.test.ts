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

function viewOf(channels: number, terminal: Terminal): { view: LiveView; report: Report } {
  const info = new StreamInfo({
    name: 'S',
    channelCount: channels,
    channels: Array.from({ length: channels }, (_, c) => ({
      label: `a rather long channel name ${c}`,
      unit: 'microvolts',
    })),
  })
  const snapshot = (): unknown => ({ data: Float32Array.from({ length: channels * 100 }, (_, i) => i) })
  const watcher = { info, snapshot, unfoldBufferT: () => new Float64Array(100) } as unknown as StreamWatcher
  const view = new LiveView(terminal as unknown as WriteStream, watcher)
  view.begin(info)
  const stats = { frames: 1, rateByClock: 250, ageS: 0.01, lost: 0, lapped: 0, gaps: 0 } as Report['stats']
  const values = Array.from({ length: channels }, (_, c) => c + 0.5)
  return { view, report: { name: 'S', state: 'connected', stats, latency: undefined, values } }
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
  t.match(terminal.screen[2], /^a rather lon {1,}[▁▂▃▄▅▆▇█]+ +0\.5000 microvolts/)
  t.match(terminal.screen.at(-1), 'lost: reason gone')
})
