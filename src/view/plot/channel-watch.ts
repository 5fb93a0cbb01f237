import type { SampleArray } from '../../channel-format.js'
import type { Badge } from '../wire/status.js'

/** How long a channel is looked at before it is judged. */
const BLOCK_S = 0.5
/** A run of the same extreme value for so long is an amplifier at its rail. */
const RAILED_S = 0.1
const RAILED_LEAST = 10
/** Channels that stand still by nature. */
const DIGITAL = /trig|stim|status|counter|event|digital/i

interface Finding {
  readonly badge: Badge
  readonly since: number
}

/** Looks for channels that cannot be right: flat, at the rail, or not a number. */
export class ChannelWatch {
  readonly #channels: number
  readonly #blockFrames: number
  readonly #runFrames: number
  readonly #isDigital: readonly boolean[]
  readonly #last: Float64Array
  readonly #run: Float64Array
  readonly #longest: Float64Array
  readonly #longestValue: Float64Array
  readonly #nan: Float64Array
  readonly #low: Float64Array
  readonly #high: Float64Array
  readonly #findings = new Map<number, Finding>()
  #frames = 0
  #blocks = 0

  constructor(channels: number, srate: number, labels: readonly string[]) {
    this.#channels = channels
    this.#blockFrames = Math.max(2, Math.round(BLOCK_S * srate))
    this.#runFrames = Math.max(RAILED_LEAST, Math.round(RAILED_S * srate))
    this.#isDigital = Array.from({ length: channels }, (_, channel) => DIGITAL.test(labels[channel] ?? ''))
    const array = (fill: number): Float64Array => new Float64Array(channels).fill(fill)
    this.#last = array(NaN)
    this.#run = array(0)
    this.#longest = array(0)
    this.#longestValue = array(NaN)
    this.#nan = array(0)
    this.#low = array(Infinity)
    this.#high = array(-Infinity)
  }

  /** What is found now, by channel. */
  get findings(): ReadonlyMap<number, Finding> {
    return this.#findings
  }

  append(data: SampleArray, frames: number, at: number): void {
    const channels = this.#channels
    for (let frame = 0, i = 0; frame < frames; frame++) {
      for (let channel = 0; channel < channels; channel++, i++) this.#look(channel, Number(data[i]))
      if (++this.#frames >= this.#blockFrames) this.#judge(at)
    }
  }

  #look(channel: number, value: number): void {
    if (value !== value) {
      this.#nan[channel] = (this.#nan[channel] as number) + 1
      return
    }
    if (value !== this.#last[channel]) {
      this.#last[channel] = value
      this.#run[channel] = 1
      if (value < (this.#low[channel] as number)) this.#low[channel] = value
      if (value > (this.#high[channel] as number)) this.#high[channel] = value
      return
    }
    const run = (this.#run[channel] as number) + 1
    this.#run[channel] = run
    if (run <= (this.#longest[channel] as number)) return
    this.#longest[channel] = run
    this.#longestValue[channel] = value
  }

  #judge(at: number): void {
    this.#frames = 0
    this.#blocks++
    for (let channel = 0; channel < this.#channels; channel++) {
      const badge = this.#badgeOf(channel)
      this.#longest[channel] = 0
      this.#nan[channel] = 0
      const before = this.#findings.get(channel)
      if (badge === undefined) this.#findings.delete(channel)
      else if (before?.badge !== badge) this.#findings.set(channel, { badge, since: at - BLOCK_S })
    }
  }

  #badgeOf(channel: number): Badge | undefined {
    if ((this.#nan[channel] as number) > 0) return 'NaN'
    // A stream needs a moment before one can tell an extreme from a first value.
    if (this.#isDigital[channel] === true || this.#blocks < 2) return undefined
    const value = this.#longestValue[channel] as number
    const run = this.#longest[channel] as number
    const low = this.#low[channel] as number
    const high = this.#high[channel] as number
    const isExtreme = high > low && value !== 0 && (value === low || value === high)
    if (isExtreme && run >= this.#runFrames) return 'RAILED'
    return run >= 2 * this.#blockFrames - 1 ? 'FLAT' : undefined
  }
}
