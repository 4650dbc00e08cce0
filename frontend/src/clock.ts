/** Draws a clock as a shape: a ring with the time left, a mark when it runs short, a square when it ran out. */
import { word } from './words.ts'

export type Band = 'running' | 'at-risk' | 'overdue' | 'paused' | 'met' | 'missed'
export interface Reading {
  band: Band
  leftShare: number // 0..1 of the time from start to due
  leftSeconds: number // negative once the due time has passed
}

const AT_RISK_SHARE = 0.25
const SVG = 'http://www.w3.org/2000/svg'
let aheadMs = 0 // how far this machine's clock is ahead of the server's

/** What a clock says at one moment. A quarter of the time left is "at risk". */
export function readClock(startMs: number, dueMs: number, nowMs: number, state: string): Reading {
  const span = Math.max(dueMs - startMs, 1)
  const leftShare = Math.min(Math.max((dueMs - nowMs) / span, 0), 1)
  const leftSeconds = Math.round((dueMs - nowMs) / 1000)
  if (state === 'met' || state === 'missed' || state === 'paused') return { band: state, leftShare, leftSeconds }
  if (leftSeconds < 0) return { band: 'overdue', leftShare, leftSeconds }
  return { band: leftShare <= AT_RISK_SHARE ? 'at-risk' : 'running', leftShare, leftSeconds }
}

/** The two largest units of a length of time, seconds only in the last two minutes. */
export function partsOf(seconds: number): [number, 'd' | 'h' | 'min' | 's'][] {
  const s = Math.abs(seconds)
  const days = Math.floor(s / 86400)
  const hours = Math.floor((s % 86400) / 3600)
  const minutes = Math.floor((s % 3600) / 60)
  if (days > 0) return hours > 0 ? [[days, 'd'], [hours, 'h']] : [[days, 'd']]
  if (hours > 0) return minutes > 0 ? [[hours, 'h'], [minutes, 'min']] : [[hours, 'h']]
  return s < 120 ? [[s, 's']] : [[minutes, 'min']]
}

/** Learn the server's time from the Date header of any answer, so that a wrong clock here does no harm. */
export function learnServerTime(dateHeader: string | null): void {
  const server = dateHeader ? Date.parse(dateHeader) : Number.NaN
  if (!Number.isNaN(server) && Math.abs(Date.now() - server) > 2000) aheadMs = Date.now() - server
}

function length(seconds: number): string {
  return partsOf(seconds).map(([count, unit]) => word(`unit-${unit}`, { count })).join(' ')
}

function wordsFor(reading: Reading): string {
  if (reading.band === 'met' || reading.band === 'missed') return word(`clock-${reading.band}`)
  const time = length(reading.leftSeconds)
  if (reading.band === 'paused') return word('clock-paused', { time })
  return word(reading.leftSeconds < 0 ? 'clock-over' : 'clock-left', { time })
}

function shape(name: string, attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  return element
}

const MARKS: Partial<Record<Band, string>> = {
  'at-risk': 'M12 7.5v5.5M12 16.2v.1',
  paused: 'M9.5 8.5v7M14.5 8.5v7',
  met: 'M7.5 12.5l3 3 6-6.5',
}

function face(reading: Reading): SVGElement {
  const svg = shape('svg', { viewBox: '0 0 24 24', class: 'clock__face', 'aria-hidden': 'true' })
  if (reading.band === 'overdue' || reading.band === 'missed') {
    const cut = reading.band === 'overdue' ? 'M12 6.5v7M12 17.2v.1' : 'M8 8l8 8M16 8l-8 8'
    svg.append(shape('rect', { x: '2', y: '2', width: '20', height: '20', class: 'clock__solid' }))
    svg.append(shape('path', { d: cut, class: 'clock__cut' }))
    return svg
  }
  svg.append(shape('circle', { cx: '12', cy: '12', r: '10', class: 'clock__ground' }))
  const share = reading.band === 'met' ? 1 : reading.leftShare
  const dashes = `${share} 1`
  if (share > 0) {
    const ring = { cx: '12', cy: '12', r: '10', pathLength: '1', 'stroke-dasharray': dashes, transform: 'rotate(-90 12 12)' }
    svg.append(shape('circle', { ...ring, class: 'clock__left' }))
  }
  const mark = MARKS[reading.band]
  if (mark) svg.append(shape('path', { d: mark, class: 'clock__mark' }))
  return svg
}

class TansiqClock extends HTMLElement {
  static observedAttributes = ['start', 'due', 'state']
  #shown = ''

  connectedCallback(): void {
    if (!this.title && this.dataset.due) this.title = this.dataset.due
    this.draw()
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.draw()
  }

  draw(): void {
    const due = Date.parse(this.getAttribute('due') ?? '')
    const start = Date.parse(this.getAttribute('start') ?? '')
    if (Number.isNaN(due)) return
    const now = Date.parse(this.getAttribute('paused-at') ?? '') || Date.now() - aheadMs
    const reading = readClock(Number.isNaN(start) ? due - 86_400_000 : start, due, now, this.getAttribute('state') ?? 'running')
    const text = wordsFor(reading)
    const shown = `${reading.band} ${text} ${reading.leftShare.toFixed(2)}`
    if (shown === this.#shown) return
    this.#shown = shown
    this.dataset.band = reading.band
    const label = document.createElement('span')
    label.className = 'clock__text'
    label.dir = 'auto'
    label.textContent = text
    this.replaceChildren(face(reading), label)
  }
}

/** Define the element, tick all of them together once a second, and ask the server for its time once. */
export function startClocks(anyAddress: string): void {
  customElements.define('tansiq-clock', TansiqClock)
  const all = document.getElementsByTagName('tansiq-clock') as HTMLCollectionOf<TansiqClock>
  setInterval(() => !document.hidden && Array.from(all).forEach((clock) => clock.draw()), 1000)
  if (all.length === 0) return
  fetch(anyAddress, { method: 'HEAD', cache: 'no-store' })
    .then((answer) => learnServerTime(answer.headers.get('Date')))
    .catch(() => undefined)
}
