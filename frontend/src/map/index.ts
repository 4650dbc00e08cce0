/** Shows a map on every `[data-map]`: data from this server only, keyboard first, a list beside it. */
import * as maplibregl from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import { concerns, TOPICS } from '../live.ts'
import { THEME_CHANGED } from '../theme.ts'
import { word } from '../words.ts'
import { areaLabels } from './area-labels.ts'
import { type Collection, extent, fetchFeatures } from './features.ts'
import { layerPanel, showLayer } from './panel.ts'
import { popupContent } from './popup.ts'
import type { MapLayer } from './layer.ts'
import { AREA_LABELS, FEATURES, mapStyle } from './style.ts'
import { POINT_STATES, type PointState, symbolPixels } from './symbols.ts'

maplibregl.setWorkerUrl(new URL(workerUrl, location.href).href)
const WIDE_PX = 700
const CALM = matchMedia('(prefers-reduced-motion: reduce)').matches

function titles(): Record<string, string> {
  return {
    'NavigationControl.ZoomIn': word('map-zoom-in'),
    'NavigationControl.ZoomOut': word('map-zoom-out'),
    'NavigationControl.ResetBearing': word('map-north'),
    'FullscreenControl.Enter': word('map-full'),
    'FullscreenControl.Exit': word('map-full-exit'),
    'AttributionControl.ToggleAttribution': word('map-source'),
    'Popup.Close': word('close'),
    'Map.Title': word('map'),
  }
}

/** Room for the open panel on the side where reading starts, so that it hides nothing. */
function padding(place: HTMLElement, rtl: boolean) {
  const panel = place.clientWidth > WIDE_PX ? 250 : 40
  return { top: 40, bottom: 50, left: rtl ? 60 : panel, right: rtl ? panel : 60 }
}

function makeView(place: HTMLElement, found: Collection): maplibregl.Map {
  const fitted = found.data.features.filter((feature) => feature.properties?.layer === place.dataset.fit)
  const bounds = extent(fitted.length > 0 ? fitted : found.data.features)
  const rtl = getComputedStyle(place).direction === 'rtl'
  const view = new maplibregl.Map({
    container: place,
    style: mapStyle(found.data, found.layers),
    ...(bounds ? { bounds, fitBoundsOptions: { padding: padding(place, rtl), maxZoom: 12 } } : {}),
    locale: titles(),
    attributionControl: place.dataset.attribution ? { compact: false, customAttribution: place.dataset.attribution } : false,
    cooperativeGestures: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: CALM ? 0 : 150,
    canvasContextAttributes: { preserveDrawingBuffer: true }, // or the map is blank on paper
  })
  view.touchZoomRotate.disableRotation()
  view.addControl(new maplibregl.NavigationControl({ visualizePitch: false }), rtl ? 'top-left' : 'top-right')
  view.addControl(new maplibregl.FullscreenControl(), rtl ? 'top-left' : 'top-right')
  view.addControl(new maplibregl.ScaleControl({ unit: 'metric' }), rtl ? 'bottom-right' : 'bottom-left')
  view.getCanvas().setAttribute('aria-label', place.dataset.label ?? word('map'))
  return view
}

class OperationMap {
  #place: HTMLElement
  #found: Collection
  #view: maplibregl.Map
  #opacity = new Map<string, number>()
  #panel: HTMLDetailsElement | null = null

  constructor(place: HTMLElement, found: Collection) {
    this.#place = place
    this.#found = found
    this.#view = makeView(place, found)
    this.#view.on('style.load', () => this.#dress())
    this.#view.on('click', (event) => this.#clicked(event))
    this.#view.on('mousemove', (event) => {
      this.#view.getCanvas().style.cursor = this.#at(event.point).length > 0 ? 'pointer' : ''
    })
    this.#view.once('idle', () => (place.dataset.ready = 'yes'))
    document.addEventListener(THEME_CHANGED, () => this.#redraw())
    document.addEventListener(TOPICS, (event) => this.#heard((event as CustomEvent<string[]>).detail))
    this.#drawPanel()
    this.#joinList()
  }

  /** Symbols and the reader's choice of layers, after each new style. */
  #dress(): void {
    for (const state of POINT_STATES) {
      const pixels = symbolPixels(state)
      if (pixels && !this.#view.hasImage(`state-${state}`)) this.#view.addImage(`state-${state}`, pixels, { pixelRatio: 2 })
    }
    for (const layer of this.#found.layers) showLayer(this.#view, layer, this.#opacity.get(layer.id) ?? 1)
  }

  #redraw(): void {
    this.#view.setStyle(mapStyle(this.#found.data, this.#found.layers), { diff: false })
    this.#drawPanel()
  }

  #heard(topics: string[]): void {
    if (concerns((this.#place.dataset.mapTopics ?? '').split(/\s+/).filter(Boolean), topics)) void this.#reload()
  }

  async #reload(): Promise<void> {
    const shown = new Map(this.#found.layers.map((layer) => [layer.id, layer.shown]))
    const before = this.#found.layers.map((layer) => layer.id).join()
    try {
      this.#found = await fetchFeatures(this.#place.dataset.source ?? '', document.documentElement.lang)
    } catch {
      return // the live badge already says that the link is lost
    }
    for (const layer of this.#found.layers) layer.shown = shown.get(layer.id) ?? layer.shown
    if (before !== this.#found.layers.map((layer) => layer.id).join()) return this.#redraw()
    this.#view.getSource<maplibregl.GeoJSONSource>(FEATURES)?.setData(this.#found.data)
    this.#view.getSource<maplibregl.GeoJSONSource>(AREA_LABELS)?.setData(areaLabels(this.#found.data))
  }

  #states(layer: MapLayer): PointState[] {
    const mine = this.#found.data.features.filter((feature) => feature.properties?.layer === layer.id)
    const found = new Set(mine.map((feature) => feature.properties?.symbol_state as PointState))
    return layer.kind === 'point' ? POINT_STATES.filter((state) => state !== 'plain' && found.has(state)) : []
  }

  #drawPanel(): void {
    const panel = layerPanel(this.#found.layers, (layer) => this.#states(layer), (layer, opacity) => {
      this.#opacity.set(layer.id, opacity)
      showLayer(this.#view, layer, opacity)
    })
    panel.open = this.#panel?.open ?? this.#place.clientWidth > WIDE_PX
    this.#panel?.remove()
    this.#panel = panel
    this.#place.append(panel)
  }

  #at(point: maplibregl.PointLike & { x: number; y: number }): maplibregl.MapGeoJSONFeature[] {
    const reach = 5
    const box: [maplibregl.PointLike, maplibregl.PointLike] = [[point.x - reach, point.y - reach], [point.x + reach, point.y + reach]]
    const found = this.#view.queryRenderedFeatures(box).filter((feature) => feature.properties.name)
    return found.sort((a, b) => Number(b.geometry.type === 'Point') - Number(a.geometry.type === 'Point'))
  }

  #clicked(event: maplibregl.MapMouseEvent): void {
    const feature = this.#at(event.point)[0]
    if (feature) this.#open(feature.properties, event.lngLat)
  }

  #open(properties: Record<string, unknown>, at: maplibregl.LngLatLike): void {
    new maplibregl.Popup({ maxWidth: '18rem' }).setLngLat(at).setDOMContent(popupContent(properties, word('map-open'))).addTo(this.#view)
  }

  /** A list beside the map (`data-map-list` names the map's id): its rows point at the same features. */
  #joinList(): void {
    const list = document.querySelector(`[data-map-list="${this.#place.id}"]`)
    list?.addEventListener('focusin', (event) => this.#point(event.target))
    list?.addEventListener('pointerover', (event) => this.#point(event.target))
    list?.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLElement>('button[data-feature]')
      if (button) this.#goTo(button.dataset.feature ?? '')
    })
  }

  #point(target: EventTarget | null): void {
    const id = (target as Element | null)?.closest<HTMLElement>('[data-feature]')?.dataset.feature
    if (id && this.#view.getLayer('here')) this.#view.setFilter('here', ['==', ['get', 'id'], id])
  }

  #goTo(id: string): void {
    const feature = this.#found.data.features.find((one) => one.properties?.id === id)
    const box = feature && extent([feature])
    if (!feature || !box) return
    this.#view.fitBounds(box, { padding: 60, maxZoom: 12, animate: !CALM })
    this.#open(feature.properties ?? {}, [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
  }
}

function note(place: HTMLElement, text: string): void {
  const said = document.createElement('p')
  said.className = 'map__note'
  said.textContent = text
  place.append(said)
}

/** Fetch and draw once; where the machine cannot draw a map, the list beside it stays. */
export function startMap(place: HTMLElement): void {
  if (place.dataset.ready) return
  place.dataset.ready = 'no'
  fetchFeatures(place.dataset.source ?? '', document.documentElement.lang)
    .then((found) => {
      if (found.data.features.length === 0) return note(place, word('map-empty'))
      new OperationMap(place, found)
    })
    .catch((error: unknown) => {
      console.warn('map:', error)
      note(place, word('map-failed'))
    })
}
