/** Draws a bar or line chart above a table that says `data-chart`; without script the table stands alone. */
import { word } from './words.ts'

export interface Figures {
  labels: string[]
  series: { name: string; values: (number | null)[] }[]
}
interface Frame {
  width: number
  height: number
  inset: number // room for the figures of the value axis
  mirrored: boolean
  top: number
}

const SVG = 'http://www.w3.org/2000/svg'
const FOOT = 22
const HEAD = 10
let patterns = 0

/** The smallest round number (1, 2, 2.5 or 5 times a power of ten) at or above the largest value. */
export function roundUp(largest: number): number {
  if (!(largest > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(largest))
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= largest * (1 - 1e-9)) ?? 10
  return step * power
}

/** Read a cell as a number; empty and words are "no figure", which is not zero. */
export function figureOf(text: string): number | null {
  const plain = text.replace(/[,\u200e\u200f\u202f\u00a0\s]/g, '').replace('\u2212', '-')
  return plain === '' || Number.isNaN(Number(plain)) ? null : Number(plain)
}

function readTable(table: HTMLTableElement): Figures {
  const names = [...(table.tHead?.rows[0]?.cells ?? [])].slice(1).map((cell) => cell.textContent?.trim() ?? '')
  const rows = [...(table.tBodies[0]?.rows ?? [])]
  const cellText = (row: HTMLTableRowElement, at: number) => row.cells[at]?.dataset.value ?? row.cells[at]?.textContent ?? ''
  return {
    labels: rows.map((row) => row.cells[0]?.dataset.short ?? row.cells[0]?.textContent?.trim() ?? ''),
    series: names.map((name, i) => ({ name, values: rows.map((row) => figureOf(cellText(row, i + 1))) })),
  }
}

function add(parent: Element, name: string, attributes: Record<string, string | number>, text?: string): SVGElement {
  const element = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  if (text !== undefined) element.textContent = text
  parent.append(element)
  return element
}

const format = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 2 })

/** Where the value axis has its lines, as shares of its top. */
const STEPS = [0, 0.25, 0.5, 0.75, 1]

/** Room for the longest figure beside the axis; that need not be the one at the top (187.5 below 250). */
function axisWidth(top: number): number {
  return Math.max(...STEPS.map((part) => format(part * top).length)) * 7 + 14
}

function atX(frame: Frame, share: number): number {
  const run = frame.width - frame.inset - 8
  return frame.mirrored ? frame.width - frame.inset - share * run : frame.inset + share * run
}

function atY(frame: Frame, value: number): number {
  return HEAD + (1 - value / frame.top) * (frame.height - HEAD - FOOT)
}

function drawAxes(svg: SVGElement, frame: Frame, labels: string[]): void {
  const edge = frame.mirrored ? frame.width - frame.inset + 6 : frame.inset - 6
  for (const part of STEPS) {
    const y = atY(frame, part * frame.top)
    add(svg, 'line', { x1: atX(frame, 0), x2: atX(frame, 1), y1: y, y2: y, class: part ? 'is-grid' : 'is-axis' })
    const anchor = { x: edge, y: y + 4, direction: 'ltr', 'text-anchor': frame.mirrored ? 'start' : 'end' }
    add(svg, 'text', anchor, format(part * frame.top))
  }
  const longest = Math.max(...labels.map((label) => label.length), 1)
  const room = Math.max(Math.floor((frame.width - frame.inset) / (longest * 7 + 14)), 1)
  const every = Math.ceil(labels.length / room)
  labels.forEach((label, i) => {
    if (i % every) return
    add(svg, 'text', { x: atX(frame, (i + 0.5) / labels.length), y: frame.height - 6, 'text-anchor': 'middle' }, label)
  })
}

/** Fillings in the order of the series: full, slanted, empty, dotted, slanted the other way, crossed. */
function pattern(svg: SVGElement, index: number): string {
  if (index === 0) return 'currentColor'
  if (index === 2) return 'none'
  const id = `chart-filling-${++patterns}`
  const box = add(svg, 'pattern', { id, width: 6, height: 6, patternUnits: 'userSpaceOnUse', class: `series-${index}` })
  const line = { stroke: 'currentColor', 'stroke-width': 2.2 }
  if (index === 3) add(box, 'circle', { cx: 3, cy: 3, r: 1.6, fill: 'currentColor' })
  if (index === 1 || index === 5) add(box, 'path', { ...line, d: 'M-1 1l2-2M0 6l6-6M5 7l2-2' })
  if (index === 4 || index === 5) add(box, 'path', { ...line, d: 'M-1 5l2 2M0 0l6 6M5-1l2 2' })
  return `url(#${id})`
}

function drawBars(svg: SVGElement, frame: Frame, figures: Figures): void {
  const slot = Math.abs(atX(frame, 1) - atX(frame, 0)) / figures.labels.length
  const width = Math.min((slot * 0.8) / figures.series.length, 48)
  figures.series.forEach((series, at) => {
    const group = add(svg, 'g', { class: `series-${at % 6}` })
    const fill = pattern(svg, at % 6)
    const offset = (at - (figures.series.length - 1) / 2) * width * (frame.mirrored ? -1 : 1)
    series.values.forEach((value, i) => {
      if (value === null) return
      const y = atY(frame, Math.max(value, 0))
      const x = atX(frame, (i + 0.5) / figures.labels.length) + offset - width / 2 + 0.5
      const height = Math.max(atY(frame, 0) - y, 0)
      const bar = add(group, 'rect', { x, y, height, width: Math.max(width - 1, 1), fill, class: 'is-bar' })
      add(bar, 'title', {}, `${figures.labels[i]}\n${series.name}: ${format(value)}`)
    })
  })
}

const RANKED = 12 // of a list that is ordered by size; the table below has all of it
const LINE = 18

/** Bars that lie, one under another, each below its own label: names of things have no room under an upright bar. */
function drawRanked(svg: SVGElement, width: number, mirrored: boolean, figures: Figures): number {
  const labels = figures.labels.slice(0, RANKED)
  const room = Math.max(...figures.series.flatMap(({ values }) => values.map((value) => format(value ?? 0).length))) * 7 + 14
  const top = Math.max(...figures.series.flatMap(({ values }) => values.map((value) => value ?? 0)), 1)
  const fills = figures.series.map((_, at) => pattern(svg, at % 6))
  let y = 4
  labels.forEach((label, i) => {
    add(svg, 'text', { x: mirrored ? width : 0, y: y + 12, 'text-anchor': 'start' }, label)
    y += LINE
    figures.series.forEach((series, at) => {
      const value = series.values[i] ?? null
      const long = (Math.max(value ?? 0, 0) / top) * (width - room)
      const group = add(svg, 'g', { class: `series-${at % 6}` })
      const bar = { x: mirrored ? width - long : 0, y, width: Math.max(long, 1), height: 10, fill: fills[at] ?? 'none', class: 'is-bar' }
      if (value !== null) add(group, 'rect', bar)
      const figure = { x: mirrored ? width - long - 6 : long + 6, y: y + 10, direction: 'ltr', 'text-anchor': mirrored ? 'end' : 'start' }
      if (value !== null) add(svg, 'text', figure, format(value))
      y += 14
    })
    y += 6
  })
  return y
}

/** Markers in the order of the series: circle, square, triangle, diamond, plus, cross. */
function marker(at: number, x: number, y: number): string {
  const shapes = [
    `M${x - 3.5} ${y}a3.5 3.5 0 107 0a3.5 3.5 0 10-7 0`,
    `M${x - 3} ${y - 3}h6v6h-6z`,
    `M${x} ${y - 4}l4 7h-8z`,
    `M${x} ${y - 4.5}l4.5 4.5-4.5 4.5-4.5-4.5z`,
    `M${x - 4} ${y}h8M${x} ${y - 4}v8`,
    `M${x - 3} ${y - 3}l6 6M${x + 3} ${y - 3}l-6 6`,
  ]
  return shapes[at % 6] ?? ''
}

const DASHES = ['none', '8 4', '2 4', '10 4 2 4', '5 5', '1 3']

function drawLines(svg: SVGElement, frame: Frame, figures: Figures): void {
  figures.series.forEach((series, at) => {
    const group = add(svg, 'g', { class: `series-${at % 6}` })
    const points = series.values.map((value, i) =>
      value === null ? null : ([atX(frame, (i + 0.5) / figures.labels.length), atY(frame, value)] as const),
    )
    const path = points.map((point, i) => (point ? `${points[i - 1] ? 'L' : 'M'}${point[0]} ${point[1]}` : '')).join('')
    add(group, 'path', { d: path, class: 'is-line', 'stroke-dasharray': DASHES[at % 6] ?? 'none' })
    points.forEach((point, i) => {
      if (!point || (points.length > 60 && points[i - 1] && points[i + 1])) return
      const mark = add(group, 'path', { d: marker(at, point[0], point[1]), class: 'is-mark' })
      add(mark, 'title', {}, `${figures.labels[i]}\n${series.name}: ${format(series.values[i] ?? 0)}`)
    })
  })
}

function drawTarget(svg: SVGElement, frame: Frame, value: number, label: string): void {
  const y = atY(frame, value)
  add(svg, 'line', { x1: atX(frame, 0), x2: atX(frame, 1), y1: y, y2: y, class: 'is-target' })
  const x = atX(frame, 1)
  add(svg, 'text', { x, y: y - 5, 'text-anchor': 'end', class: 'is-target-label' }, `${label} ${format(value)}`)
}

function drawLegend(figures: Figures, kind: string): HTMLUListElement {
  const list = document.createElement('ul')
  list.className = 'chart__legend'
  figures.series.forEach((series, at) => {
    const row = document.createElement('li')
    const svg = document.createElementNS(SVG, 'svg')
    svg.setAttribute('viewBox', '0 0 28 14')
    const group = add(svg, 'g', { class: `series-${at % 6}` })
    if (kind === 'bar') add(group, 'rect', { x: 4, y: 2, width: 20, height: 10, fill: pattern(svg, at % 6), class: 'is-bar' })
    else {
      add(group, 'path', { d: 'M0 7h28', class: 'is-line', 'stroke-dasharray': DASHES[at % 6] ?? 'none' })
      add(group, 'path', { d: marker(at, 14, 7), class: 'is-mark' })
    }
    const name = document.createElement('span')
    name.textContent = series.name
    row.append(svg, name)
    list.append(row)
  })
  return list
}

function draw(table: HTMLTableElement, figure: HTMLElement): void {
  const figures = readTable(table)
  const width = figure.clientWidth
  if (figures.labels.length === 0 || width === 0) return figure.replaceChildren()
  const kind = table.dataset.chart === 'line' ? 'line' : 'bar'
  const mirrored = getComputedStyle(figure).direction === 'rtl'
  if (table.dataset.chart === 'ranked') {
    const svg = document.createElementNS(SVG, 'svg')
    const height = drawRanked(svg, width, mirrored, figures)
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`)
    svg.setAttribute('height', String(height))
    return figure.replaceChildren(...(figures.series.length > 1 ? [drawLegend(figures, kind)] : []), svg)
  }
  const target = figureOf(table.dataset.chartTarget ?? '')
  const values = figures.series.flatMap((series) => series.values).filter((value) => value !== null)
  const top = roundUp(Math.max(...values, target ?? 0))
  const height = Number(table.dataset.chartHeight ?? 220)
  const frame: Frame = { width, height, top, mirrored, inset: axisWidth(top) }
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`)
  svg.setAttribute('height', String(height))
  drawAxes(svg, frame, figures.labels)
  if (kind === 'bar') drawBars(svg, frame, figures)
  else drawLines(svg, frame, figures)
  if (target !== null) drawTarget(svg, frame, target, table.dataset.chartTargetLabel ?? '')
  figure.replaceChildren(...(figures.series.length > 1 ? [drawLegend(figures, kind)] : []), svg)
}

/** Put the drawing above the table, which can be folded away with `data-chart-fold`. */
function start(table: HTMLTableElement): void {
  const frame = table.closest<HTMLElement>('.table-wrap') ?? table
  const holder = frame.closest<HTMLElement>('details.chart__fold') ?? frame
  const former = holder.previousElementSibling
  const figure = former instanceof HTMLElement && former.matches('.chart') ? former : document.createElement('div')
  if (figure !== former) {
    figure.className = 'chart'
    figure.setAttribute('aria-hidden', 'true') // the table below says the same to a screen reader
    holder.before(figure)
    new ResizeObserver(() => draw(table, figure)).observe(figure)
  }
  if (table.hasAttribute('data-chart-fold') && holder === frame) {
    const fold = document.createElement('details')
    fold.className = 'chart__fold'
    const summary = document.createElement('summary')
    summary.textContent = word('chart-table')
    frame.replaceWith(fold)
    fold.append(summary, frame)
  }
  draw(table, figure)
}

export function startCharts(root: ParentNode): void {
  root.querySelectorAll<HTMLTableElement>('table[data-chart]').forEach(start)
}
