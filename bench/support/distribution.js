import { createHistogram } from 'node:perf_hooks'

/** Histograms count whole numbers: three decimals of every unit are kept. */
const SCALE = 1000
const QUANTILES = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1]

/** All samples of one contender, to three figures. */
export class Distribution {
  #histogram = createHistogram({ lowest: 1, highest: Number.MAX_SAFE_INTEGER, figures: 3 })
  #max = -Infinity

  /** Histograms begin at 1: what is below, such as a latency of less than nothing, counts as 0. */
  record(value) {
    this.#histogram.record(Math.min(Number.MAX_SAFE_INTEGER, Math.max(1, Math.round(value * SCALE))))
    this.#max = Math.max(this.#max, value)
  }

  quantile(q) {
    const counted = q === 0 ? this.#histogram.min : this.#histogram.percentile(q * 100)
    return counted <= 1 ? 0 : counted / SCALE
  }

  figures() {
    return {
      samples: this.#histogram.count,
      p50: this.quantile(0.5),
      p99: this.quantile(0.99),
      p999: this.quantile(0.999),
      max: this.#max,
      quantiles: QUANTILES.map(q => [q, q === 1 ? this.#max : this.quantile(q)]),
    }
  }
}
