import { median } from './statistics.js'

/**
 * How a figure grows with the number of something: the cases of a bench that say so are points of one curve for each contender.
 * @typedef {{ figure: string, of: string, count: number }} Growth
 */

/** The curves of a bench: for each figure its unit and, of each contender, the median at each count and the slope, by least squares. */
export function growthCurves(cases) {
  const figures = [...new Set(cases.flatMap(({ growth }) => growth?.figure ?? []))]
  return figures.map(figure => {
    const points = cases.filter(({ growth }) => growth?.figure === figure)
    const { unit, growth, contenders } = points[0]
    const curves = contenders.map(({ label }) => {
      const at = points.flatMap(({ growth, contenders }) => {
        const { rounds } = contenders.find(each => each.label === label) ?? {}
        return rounds ? [[growth.count, median(rounds)]] : []
      })
      return { label, points: at, slope: slopeOf(at) }
    })
    return { figure, unit, of: growth.of, curves: curves.filter(({ points }) => points.length > 1) }
  })
}

function slopeOf(points) {
  const mean = at => points.reduce((sum, point) => sum + point[at], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const along = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  return along / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}
