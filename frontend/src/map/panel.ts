/** The layer panel: what is drawn, what its shapes mean, and how strongly it shows. */
import type { Map as MapView } from 'maplibre-gl'
import { word } from '../words.ts'
import type { MapLayer } from './layer.ts'
import { pointSymbol, type PointState, tokenColour } from './symbols.ts'

function swatch(layer: MapLayer): HTMLCanvasElement {
  if (layer.kind === 'point') return pointSymbol('plain')
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 44
  const draw = canvas.getContext('2d')
  if (!draw) return canvas
  draw.lineWidth = layer.kind === 'area' ? 3 : 5
  draw.strokeStyle = tokenColour(layer.kind === 'area' ? '--map-line' : layer.kind === 'road' ? '--map-road' : '--ink')
  draw.fillStyle = tokenColour('--map-land')
  if (layer.kind === 'area') {
    draw.fillRect(5, 9, 34, 26)
    draw.strokeRect(5, 9, 34, 26)
    return canvas
  }
  if (layer.kind === 'line') draw.setLineDash([12, 8])
  draw.beginPath()
  draw.moveTo(2, 22)
  draw.lineTo(42, 22)
  draw.stroke()
  return canvas
}

const OPACITY = { fill: ['fill-opacity'], line: ['line-opacity'], symbol: ['icon-opacity', 'text-opacity'] } as const

function partsOf(view: MapView, layer: MapLayer) {
  return view.getStyle().layers.filter((part) => part.id.startsWith(`${layer.id}/`))
}

export function showLayer(view: MapView, layer: MapLayer, opacity: number): void {
  for (const part of partsOf(view, layer)) {
    view.setLayoutProperty(part.id, 'visibility', layer.shown ? 'visible' : 'none')
    for (const name of OPACITY[part.type as keyof typeof OPACITY] ?? []) view.setPaintProperty(part.id, name, opacity)
  }
}

function stateLegend(states: readonly PointState[]): HTMLUListElement {
  const list = document.createElement('ul')
  list.className = 'map-panel__states'
  for (const state of states) {
    const row = document.createElement('li')
    const text = document.createElement('span')
    text.textContent = word(`state-${state}`)
    row.append(pointSymbol(state), text)
    list.append(row)
  }
  return list
}

/** One row: tick, symbol, name, opacity. `states` are those that occur on the layer. */
function row(layer: MapLayer, states: readonly PointState[], change: (opacity: number) => void): HTMLLIElement {
  const item = document.createElement('li')
  const line = document.createElement('div')
  line.className = 'map-panel__layer'
  const tick = document.createElement('input')
  tick.type = 'checkbox'
  tick.checked = layer.shown
  tick.setAttribute('aria-label', layer.label)
  const name = document.createElement('span')
  name.textContent = layer.label
  const range = document.createElement('input')
  range.type = 'range'
  range.min = '10'
  range.max = range.value = '100'
  range.setAttribute('aria-label', word('map-opacity', { name: layer.label }))
  const tell = () => {
    layer.shown = tick.checked
    change(Number(range.value) / 100)
  }
  tick.addEventListener('change', tell)
  range.addEventListener('input', tell)
  line.append(tick, swatch(layer), name, range)
  item.append(line)
  if (states.length > 0) item.append(stateLegend(states))
  return item
}

export function layerPanel(
  layers: readonly MapLayer[],
  statesOf: (layer: MapLayer) => PointState[],
  change: (layer: MapLayer, opacity: number) => void,
): HTMLDetailsElement {
  const panel = document.createElement('details')
  panel.className = 'map-panel'
  const summary = document.createElement('summary')
  summary.textContent = word('map-layers')
  const list = document.createElement('ul')
  list.append(...layers.map((layer) => row(layer, statesOf(layer), (opacity) => change(layer, opacity))))
  panel.append(summary, list)
  return panel
}
