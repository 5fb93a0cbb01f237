import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { LoopStatus, StreamStatus } from './wire/status.js'

const BINS = 16
const BIN_MS = 0.25
const SECONDS = 60
const RESOLUTION_MS = 10
const MOST_COMMANDS = 200

/** How the loop is in time: latencies of the last minute, and how late the view's own event loop is. */
export class LoopFigures {
  /** One histogram a second, a minute of them. */
  readonly #seconds: Uint32Array[] = [new Uint32Array(BINS)]
  readonly #latencies: number[] = []
  /** From the newest window to each of the newest commands. */
  readonly #commandMs: number[] = []
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  #secondEnds = performance.now() + 1000
  #cpu = process.cpuUsage()
  #cpuAt = performance.now()
  #cpuShare = 0

  constructor() {
    this.#delay.enable()
  }

  /** Takes the latencies of one moment. */
  add(streams: readonly StreamStatus[]): void {
    const now = performance.now()
    if (now >= this.#secondEnds) this.#turn(now)
    const histogram = this.#seconds.at(-1)
    for (const { latencyMs } of streams) {
      if (latencyMs === undefined || histogram === undefined) continue
      const bin = Math.min(BINS - 1, Math.floor(latencyMs / BIN_MS))
      histogram[bin] = (histogram[bin] ?? 0) + 1
      this.#latencies.push(latencyMs)
    }
    if (this.#latencies.length > 6000) this.#latencies.splice(0, 3000)
  }

  /** Takes how old the newest window was when a command to another module was asked for. */
  commanded(windowAgeMs: number): void {
    this.#commandMs.push(windowAgeMs)
    if (this.#commandMs.length > MOST_COMMANDS) this.#commandMs.shift()
  }

  /** This process's use of one core, percent. */
  get cpu(): number {
    return this.#cpuShare
  }

  status(): LoopStatus {
    const histogram = Array.from({ length: BINS }, (_, bin) =>
      this.#seconds.reduce((sum, second) => sum + (second[bin] ?? 0), 0),
    )
    const median = medianOf(this.#latencies)
    const command = medianOf(this.#commandMs)
    return {
      ...(median !== undefined && { sampleToWindowMs: Number(median.toFixed(2)) }),
      ...(command !== undefined && { windowToCommandMs: Number(command.toFixed(2)) }),
      eventLoopDelayMs: Number(Math.max(0, this.#delay.mean / 1e6 - RESOLUTION_MS || 0).toFixed(2)),
      histogram,
      binMs: BIN_MS,
    }
  }

  close(): void {
    this.#delay.disable()
  }

  #turn(now: number): void {
    this.#secondEnds = now + 1000
    this.#seconds.push(new Uint32Array(BINS))
    if (this.#seconds.length > SECONDS) this.#seconds.shift()
    const used = process.cpuUsage(this.#cpu)
    this.#cpuShare = (used.user + used.system) / 10 / Math.max(1, now - this.#cpuAt)
    this.#cpu = process.cpuUsage()
    this.#cpuAt = now
    if (this.#seconds.length % 10 === 0) this.#delay.reset()
  }
}

function medianOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}
