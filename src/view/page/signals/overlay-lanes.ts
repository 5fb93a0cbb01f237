import { figure } from '../../words/format.js'
import type { OverlayPen } from './overlay-pen.js'
import { CROWDED_PX } from './overlay-scale.js'
import type { Sweep } from './sweep.js'

/** What is written beside the lanes. */
export interface LaneContent {
  readonly names: readonly string[]
  readonly unit: string
  readonly rms: ArrayLike<number>
}

/** The name of each lane at its left; at its right its badge, its value under the pointer, or its effective value. */
export function drawLanes(pen: OverlayPen, sweep: Sweep, content: LaneContent, pointerX: number | undefined): void {
  const { geometry, palette } = sweep
  const { channels, badges, isNarrow } = geometry.settings
  const every = Math.max(1, Math.ceil((geometry.laneHeight < CROWDED_PX ? 5.5 : 11) / geometry.laneHeight))
  const valueOf = valuesAt(sweep, content, pointerX)
  channels.forEach((channel, lane) => {
    const badge = badges.get(channel)
    if (lane % every === 0 || badge !== undefined) drawName(pen, sweep, content, lane, (lane / every) % 2 === 1)
    if (geometry.laneHeight >= CROWDED_PX) drawColour(pen, sweep, lane)
    if (isNarrow) return
    if (badge !== undefined && pointerX === undefined) drawBadge(pen, sweep, lane, badge)
    else if (geometry.laneHeight >= CROWDED_PX) {
      pen.font(12, 400)
      const colour = pointerX === undefined ? palette.text2 : palette.act
      pen.text(figure(valueOf(channel)), geometry.width - 16, geometry.laneMiddle(lane), colour, 'right')
    }
  })
  if (isNarrow) return
  pen.font(11, 400)
  const title = pointerX === undefined ? `${content.unit} rms`.trim() : content.unit
  pen.text(title, geometry.width - 16, 11, palette.text2, 'right')
}

/** Crowded names stand in two columns, the inner one nearer to the lanes. */
function drawName(pen: OverlayPen, sweep: Sweep, { names }: LaneContent, lane: number, isOdd: boolean): void {
  const { geometry, palette } = sweep
  const channel = geometry.settings.channels[lane] ?? 0
  const isBadged = geometry.settings.badges.has(channel)
  const isCrowded = geometry.laneHeight < CROWDED_PX
  const isInner = isCrowded && isOdd
  const x = geometry.left - (isCrowded ? (isInner ? 6 : 30) : 13)
  const y = geometry.laneMiddle(lane)
  const colour = isBadged ? palette.look : isCrowded ? palette.text2 : palette.text
  pen.font(isCrowded ? 10.5 : 13, isCrowded && !isBadged ? 400 : 700)
  pen.text(pen.shortened(names[channel] ?? `ch_${channel + 1}`, isCrowded ? 26 : 40), x, y, colour, 'right')
  if (!isCrowded || isInner) return
  pen.context.fillStyle = palette.line
  pen.context.fillRect(x + 3, y, geometry.left - x - 5, 1)
}

/** The mark that says which of the two colours of traces a lane has. */
function drawColour({ context }: OverlayPen, { geometry, palette }: Sweep, lane: number): void {
  const isBadged = geometry.settings.badges.has(geometry.settings.channels[lane] ?? 0)
  context.fillStyle = isBadged ? palette.look : lane % 2 === 0 ? palette.traceA : palette.traceB
  context.fillRect(geometry.left - 8, geometry.laneMiddle(lane) - 5, 3, 10)
}

function drawBadge(pen: OverlayPen, { geometry, palette }: Sweep, lane: number, badge: string): void {
  pen.font(11, 700)
  const height = Math.min(16, Math.max(12, geometry.laneHeight + 4))
  const x = geometry.right + 8 + pen.width(badge) / 2 + 6
  pen.box(badge, x, geometry.laneMiddle(lane), palette.look, height)
}

/** The value of a channel: in the middle of its column under the pointer, else its effective value. */
function valuesAt(
  { geometry, columns }: Sweep,
  { rms }: LaneContent,
  pointerX: number | undefined,
): (channel: number) => number {
  if (pointerX === undefined) return channel => rms[channel] ?? NaN
  const first = columns.at(Math.max(0, columns.find(geometry.stampAt(pointerX))))
  return channel => {
    const at = first + 2 * channel
    return ((columns.pairs[at] ?? NaN) + (columns.pairs[at + 1] ?? NaN)) / 2
  }
}
