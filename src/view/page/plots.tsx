import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { readPalette } from './palette.js'

interface PlotOptions {
  readonly data: uPlot.AlignedData
  readonly xRange?: readonly [number, number]
  readonly yRange?: readonly [number, number]
  readonly x: (value: number) => string
  readonly y: (value: number) => string
  readonly hasAxes: boolean
  readonly band?: readonly [number, number]
  readonly isBad?: boolean
  readonly label: string
}

/** A small line chart of uPlot, made again when its size or its colours change. */
export function Plot(options: PlotOptions): JSX.Element {
  const place = useRef<HTMLDivElement>(null)
  const kept = useRef<{ plot: uPlot; look: string } | undefined>(undefined)
  const newest = useRef(options)
  newest.current = options
  useEffect(() => {
    const element = place.current
    if (element === null || element.clientWidth === 0) return
    const { classList, dataset } = document.documentElement
    const look = [element.clientWidth, element.clientHeight, classList.value, dataset['theme'], options.isBad].join()
    if (kept.current?.look === look) {
      kept.current.plot.setData(options.data)
      return
    }
    kept.current?.plot.destroy()
    const plot = new uPlot(settings(element, newest), options.data, element)
    kept.current = { plot, look }
  })
  useEffect(() => () => kept.current?.plot.destroy(), [])
  return <div class="chart" ref={place} role="img" aria-label={options.label} />
}

function settings(element: HTMLElement, newest: { readonly current: PlotOptions }): uPlot.Options {
  const palette = readPalette(element)
  const { hasAxes, isBad } = newest.current
  const axis = (size: number, text: 'x' | 'y'): uPlot.Axis => ({
    show: hasAxes,
    size,
    gap: 2,
    stroke: palette.text3,
    font: `11px ${palette.font}`,
    ticks: { show: false },
    grid: { show: text === 'y', stroke: palette.line, width: 1 },
    space: text === 'x' ? 60 : 26,
    values: (_, values) => values.map(value => newest.current[text](value)),
  })
  const ranged = (wanted: 'xRange' | 'yRange'): uPlot.Scale => ({
    time: false,
    range: (_, min, max) => {
      const [low, high] = newest.current[wanted] ?? [min, max]
      return [low, high > low ? high : low + 1]
    },
  })
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 4, 0, 0],
    scales: { x: ranged('xRange'), y: ranged('yRange') },
    axes: [axis(18, 'x'), axis(34, 'y')],
    series: [{}, { stroke: isBad === true ? palette.bad : palette.traceA, width: 1.4, points: { show: false } }],
    hooks: {
      drawClear: [
        plot => {
          const { band } = newest.current
          if (!band) return
          const [x0, x1] = [plot.valToPos(band[0], 'x', true), plot.valToPos(band[1], 'x', true)]
          plot.ctx.save()
          plot.ctx.globalAlpha = 0.16
          plot.ctx.fillStyle = palette.traceA
          plot.ctx.fillRect(x0, plot.bbox.top, x1 - x0, plot.bbox.height)
          plot.ctx.restore()
        },
      ],
    },
  }
}
