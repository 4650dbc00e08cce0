/** Fetches what the server lets this room see on the map and makes it ready to draw. */
import { labelText, nameIn } from './labels.ts'
import type { LayerKind, MapLayer } from './layer.ts'
import { POINT_STATES, type PointState } from './symbols.ts'

export interface Collection {
  data: GeoJSON.FeatureCollection
  layers: MapLayer[]
}
type Raw = GeoJSON.FeatureCollection & { layers?: Partial<MapLayer>[] }

function kindOf(geometry: GeoJSON.Geometry | null): LayerKind {
  const type = geometry?.type ?? 'Point'
  return type.includes('Polygon') ? 'area' : type.includes('Line') ? 'line' : 'point'
}

/** The label and the symbol's state, beside whatever properties the server sent. */
function ready(feature: GeoJSON.Feature, language: string): GeoJSON.Feature {
  const properties = feature.properties ?? {}
  const name = nameIn(properties.names ?? properties.name, language)
  const state = properties.state as PointState | undefined
  const symbolState = state && POINT_STATES.includes(state) ? state : state ? 'unknown' : 'plain'
  const layer = (properties.layer as string | undefined) ?? kindOf(feature.geometry)
  const id = String(properties.id ?? feature.id ?? '')
  return { ...feature, properties: { ...properties, id, name, layer, label: labelText(name), symbol_state: symbolState } }
}

/** The layers that the server named, or one per kind of geometry where it named none. */
function layersOf(raws: Raw[], features: GeoJSON.Feature[]): MapLayer[] {
  const named = raws.flatMap((raw) => raw.layers ?? []).filter((layer) => layer.id)
  const known = new Map(named.map((layer) => [layer.id as string, layer]))
  const first = new Map<string, GeoJSON.Feature>()
  for (const feature of features) {
    const id = feature.properties?.layer as string
    if (!first.has(id)) first.set(id, feature)
    if (!known.has(id)) known.set(id, { id })
  }
  return [...known].filter(([id]) => first.has(id)).map(([id, layer]) => ({
    id,
    label: layer.label ?? id,
    kind: layer.kind ?? kindOf(first.get(id)?.geometry ?? null),
    shown: layer.shown ?? true,
  }))
}

/** Fetch each address (several are separated by spaces) and put them together. */
export async function fetchFeatures(addresses: string, language: string): Promise<Collection> {
  const raws = await Promise.all(addresses.split(/\s+/).filter(Boolean).map(async (address) => {
    const answer = await fetch(address, { credentials: 'same-origin', headers: { Accept: 'application/geo+json' } })
    if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`)
    return (await answer.json()) as Raw
  }))
  const features = raws.flatMap((raw) => raw.features).map((feature) => ready(feature, language))
  return { data: { type: 'FeatureCollection', features }, layers: layersOf(raws, features) }
}

/** The corners west, south, east, north of all features; null when there is nothing to show. */
export function extent(features: readonly GeoJSON.Feature[]): [number, number, number, number] | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  const walk = (part: unknown): void => {
    if (!Array.isArray(part)) return
    if (typeof part[0] !== 'number') return part.forEach(walk)
    west = Math.min(west, part[0])
    east = Math.max(east, part[0])
    south = Math.min(south, part[1] as number)
    north = Math.max(north, part[1] as number)
  }
  for (const { geometry } of features) if (geometry && 'coordinates' in geometry) walk(geometry.coordinates)
  return west <= east ? [west, south, east, north] : null
}
