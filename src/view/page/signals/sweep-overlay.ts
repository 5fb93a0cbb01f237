import { OverlayEvents } from './overlay-events.js'
import type { LostSince, Markers } from './overlay-events.js'
import { drawLanes } from './overlay-lanes.js'
import type { LaneContent } from './overlay-lanes.js'
import { OverlayPen } from './overlay-pen.js'
import { OverlayScale } from './overlay-scale.js'
import { drawTimes } from './overlay-times.js'
import type { Sweep } from './sweep.js'

/** What lies over the traces and changes with every frame. */
export interface OverlayContent extends LaneContent {
  readonly markers: Markers
  readonly lost: LostSince
  readonly pointer: { readonly x: number; readonly y: number } | undefined
  readonly wallMinusLsl: number
}

/** Names, scale, markers, times and the newest edge; what comes later lies over what comes before. */
export function drawOverlay(canvas: HTMLCanvasElement, sweep: Sweep, content: OverlayContent): void {
  const { geometry, palette, edge } = sweep
  const context = canvas.getContext('2d')
  if (context === null || geometry.width === 0) return
  clear(canvas, context, sweep)
  const { x = NaN } = content.pointer ?? {}
  const pointerX = x > geometry.left && x < geometry.right ? x : undefined
  const pen = new OverlayPen(context, geometry, palette)
  const scale = new OverlayScale(pen, sweep, content.unit)
  const events = new OverlayEvents(pen, sweep, scale.end)
  events.drawLostArea(content.lost)
  events.drawGapLabels()
  events.drawMarkers(content.markers)
  events.drawLostLabel(content.lost)
  if (geometry.settings.frozenAt === undefined) pen.vertical(geometry.xOf(edge), palette.text, 1.5)
  if (pointerX !== undefined) pen.vertical(pointerX, palette.act, 1)
  drawLanes(pen, sweep, content, pointerX)
  scale.draw()
  drawTimes(pen, sweep, content.wallMinusLsl, pointerX)
}

function clear(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, { geometry }: Sweep): void {
  const { width, height, ratio } = geometry
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
}
