// A stream whose outlet is killed and started again, and the watcher in the main process that must get every sample of it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { StreamWatcher } from '../../../src/index.js'
import { Part } from './part.js'
import { Sequence } from './sequence.js'

/** What was sent arrives so soon, on a machine however busy. */
const ARRIVES_MS = 20_000
const RECOVERS_MS = 60_000

export class ChaosStream {
  seen = new Sequence({ whole: true })
  #watcher
  #sentFile
  #fault

  constructor({ name, format, rate }, folder, fault) {
    this.name = name
    this.#fault = fault
    this.#sentFile = join(folder, name)
    this.outlet = new Part(
      name,
      'outlet.process.js',
      life => ({ name, life, format, rate, sentFile: this.#sentFile }),
      message => message.fault && fault(message.fault),
    )
    this.#watcher = new StreamWatcher({ name, engine: 'builtin', bufferSamples: 20_000 })
  }

  get figures() {
    return { ...this.seen.figures, lives: this.outlet.life + 1 }
  }

  async start() {
    await this.outlet.start()
    await this.#watcher.connectToStream({ timeoutS: 60 })
    void this.#watch()
    await this.#go()
  }

  /** It counts when it is received. */
  async #go() {
    for (const end = performance.now() + RECOVERS_MS; this.seen.heard < this.outlet.life; await after(5))
      if (performance.now() > end) throw new Error(`not recovered: the watcher is ${this.#watcher.state}`)
    this.outlet.child.send({ go: true })
  }

  /** What it had sent before it was killed must arrive; the next outlet begins when it is received. */
  async killAndStart(downMs) {
    await this.outlet.kill()
    const words = readFileSync(this.#sentFile)
    // It may have been killed before it sent anything.
    const [life, sent] = words.length === 0 ? [this.outlet.life, 0] : [words.readDoubleLE(0), words.readDoubleLE(8)]
    await this.#arrived(life, sent)
    await after(downMs)
    await this.outlet.start()
    await this.#go()
  }

  async end() {
    await this.#arrived(this.outlet.life, await this.outlet.ask('pushed'))
    await this.#watcher.disconnect()
  }

  async #arrived(life, sent) {
    for (const end = performance.now() + ARRIVES_MS; (this.seen.next.get(life) ?? 0) < sent; await after(5)) {
      if (performance.now() < end) continue
      this.#fault(`${this.name}: ${sent} samples of life ${life} were sent, ${this.seen.next.get(life)} arrived`)
      return
    }
  }

  async #watch() {
    const isText = this.#watcher.info.channelFormat === 'string'
    for await (const { data, frames, lost } of this.#watcher.windows({ copy: true })) {
      if (lost > 0) this.#fault(`${this.name}: lapped by ${lost}`)
      for (let i = 0; i < frames; i++) {
        if (isText) this.seen.add(Number(data[i][0]), Number(data[i][1]))
        else this.seen.add(data[2 * i], data[2 * i + 1])
      }
    }
  }
}
