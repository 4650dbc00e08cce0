/** Draws the map's point symbols on canvas: the shape says the state, the colour only repeats it. */

export type PointState = 'open' | 'restricted' | 'closed' | 'unknown' | 'plain'
export const POINT_STATES: readonly PointState[] = ['open', 'restricted', 'closed', 'unknown', 'plain']
const SIZE = 44 // drawn at twice the size for sharp edges

/** The value of a colour token as the page shows it now. */
export function tokenColour(token: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${token})`
  probe.hidden = true
  document.body.append(probe)
  const colour = getComputedStyle(probe).color
  probe.remove()
  return colour
}

const TOKENS: Record<PointState, string> = {
  open: '--good',
  restricted: '--watch',
  closed: '--bad',
  unknown: '--ink-soft',
  plain: '--accent',
}

function outline(draw: CanvasRenderingContext2D, state: PointState): void {
  const [middle, reach] = [SIZE / 2, SIZE / 2 - 5]
  draw.beginPath()
  if (state === 'closed') draw.rect(7, 7, SIZE - 14, SIZE - 14)
  else if (state === 'restricted') {
    draw.moveTo(middle, 4)
    draw.lineTo(SIZE - 4, SIZE - 8)
    draw.lineTo(4, SIZE - 8)
    draw.closePath()
  } else draw.arc(middle, middle, state === 'plain' ? 9 : reach, 0, Math.PI * 2)
}

const INSIDE: Partial<Record<PointState, [number, number][][]>> = {
  open: [[[13, 23], [20, 30], [32, 15]]],
  closed: [[[15, 15], [29, 29]], [[29, 15], [15, 29]]],
  restricted: [[[22, 15], [22, 24]], [[22, 30], [22, 30.5]]],
  unknown: [[[16, 22], [28, 22]]],
}

/** One symbol as a canvas, for the map and, the same, for its legend. */
export function pointSymbol(state: PointState): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = SIZE
  const draw = canvas.getContext('2d')
  if (!draw) return canvas
  draw.lineWidth = 4
  draw.lineCap = draw.lineJoin = 'round'
  draw.fillStyle = tokenColour(TOKENS[state])
  draw.strokeStyle = tokenColour('--surface')
  outline(draw, state)
  draw.fill()
  draw.stroke()
  for (const line of INSIDE[state] ?? []) {
    draw.beginPath()
    line.forEach(([x, y], i) => (i ? draw.lineTo(x, y) : draw.moveTo(x, y)))
    draw.stroke()
  }
  return canvas
}

export function symbolPixels(state: PointState): ImageData | null {
  return pointSymbol(state).getContext('2d')?.getImageData(0, 0, SIZE, SIZE) ?? null
}
