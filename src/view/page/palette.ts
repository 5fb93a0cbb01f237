const NAMES = ['well', 'line', 'text', 'text2', 'text3', 'look', 'bad', 'mark', 'dead', 'panel'] as const

/** The colours of the style sheet, for canvases. */
export type Palette = Record<(typeof NAMES)[number] | 'traceA' | 'traceB' | 'act', string> & {
  /** How much of the last sweep is left. */
  readonly oldShare: number
  readonly font: string
}

/** Reads the colours that hold now: they change with the theme, and to greys when the page is not live. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const named = Object.fromEntries(NAMES.map(name => [name, colour(name)])) as Record<(typeof NAMES)[number], string>
  return {
    ...named,
    traceA: colour('trace-a'),
    traceB: colour('trace-b'),
    act: colour('act'),
    oldShare: Number(colour('old-share')) || 0.5,
    font: style.fontFamily,
  }
}

/** Diagonal lines of `colour`: an area without data. */
export function hatch(context: CanvasRenderingContext2D, colour: string, background: string): CanvasPattern | string {
  const tile = document.createElement('canvas')
  const size = 8
  tile.width = size
  tile.height = size
  const pen = tile.getContext('2d')
  if (pen === null) return colour
  pen.fillStyle = background
  pen.fillRect(0, 0, size, size)
  pen.globalAlpha = 0.16
  pen.fillStyle = colour
  pen.fillRect(0, 0, size, size)
  pen.globalAlpha = 0.75
  pen.strokeStyle = colour
  pen.lineWidth = 1.3
  pen.beginPath()
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift, size)
    pen.lineTo(shift + size, 0)
  }
  pen.stroke()
  return context.createPattern(tile, 'repeat') ?? colour
}
