import { clockTime } from '../../words/format.js'
import type { OverlayPen } from './overlay-pen.js'
import type { Sweep } from './sweep.js'

/** The times of day below the lanes, and in a box the time of the newest edge or of the pointer. */
export function drawTimes(pen: OverlayPen, sweep: Sweep, wallMinusLsl: number, pointerX: number | undefined): void {
  const { geometry, palette, edge } = sweep
  const { frozenAt } = geometry.settings
  const y = geometry.bottom + 11
  const digits = geometry.gridS < 1 ? (geometry.gridS < 0.1 ? 2 : 1) : 0
  const passStart = frozenAt === undefined ? geometry.startOfPass(edge) : -Infinity
  const xEdge = geometry.xOf(edge)
  pen.font(12, 700)
  const stamp = pointerX === undefined ? edge : geometry.stampAt(pointerX)
  const text = clockTime(stamp + wallMinusLsl, pointerX === undefined ? 1 : 3)
  const half = pen.width(text) / 2 + 6
  const boxX = Math.min(Math.max(pointerX ?? xEdge - half, geometry.left + half), geometry.right - half)
  pen.font(11, 400)
  for (const stamp of geometry.gridStamps()) {
    const x = geometry.xOf(stamp)
    const isOld = stamp < passStart
    if (Math.abs(x - boxX) < half + 32 || (isOld && x < xEdge + 20)) continue
    const align = x < geometry.left + 20 ? 'left' : x > geometry.right - 20 ? 'right' : 'center'
    pen.text(clockTime(stamp + wallMinusLsl + 1e-6, digits), x, y, isOld ? palette.text3 : palette.text2, align)
  }
  pen.font(12, 700)
  const { context } = pen
  context.fillStyle = pointerX === undefined ? palette.text : palette.act
  context.beginPath()
  context.roundRect(boxX - half, y - 9, 2 * half, 18, 3)
  context.fill()
  pen.text(text, boxX, y + 0.5, palette.well, 'center')
}
