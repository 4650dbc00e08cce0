/** The map's style: ground, areas, lines, roads, points and labels, in the page's colours and fonts. */
import type { FilterSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'
import arabic from '@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-600-normal.woff2?url'
import hebrew from '@fontsource/noto-sans-hebrew/files/noto-sans-hebrew-hebrew-600-normal.woff2?url'
import latin from '@fontsource/noto-sans/files/noto-sans-latin-600-normal.woff2?url'
import latinMore from '@fontsource/noto-sans/files/noto-sans-latin-ext-600-normal.woff2?url'
import { areaLabels } from './area-labels.ts'
import type { LayerKind, MapLayer } from './layer.ts'
import { tokenColour } from './symbols.ts'

export const FEATURES = 'features'
export const AREA_LABELS = 'area-labels'
const FONT = 'Tansiq Map'
const ADDRESS = (path: string) => new URL(path, location.href).href

const fontFaces = {
  [FONT]: [
    { url: ADDRESS(arabic), 'unicode-range': ['U+0600-06FF', 'U+0750-077F', 'U+FB50-FDFF', 'U+FE70-FEFF'] },
    { url: ADDRESS(hebrew), 'unicode-range': ['U+0590-05FF', 'U+FB1D-FB4F'] },
    { url: ADDRESS(latinMore), 'unicode-range': ['U+0100-02FF', 'U+1E00-1EFF'] },
    { url: ADDRESS(latin) },
  ],
}

const of = (layer: MapLayer): FilterSpecification => ['==', ['get', 'layer'], layer.id]

function label(layer: MapLayer, ink: string, halo: string): LayerSpecification {
  const line = layer.kind === 'line' || layer.kind === 'road'
  const point = layer.kind === 'point'
  return {
    id: `${layer.id}/label`,
    type: 'symbol',
    source: layer.kind === 'area' ? AREA_LABELS : FEATURES,
    filter: of(layer),
    layout: {
      'text-field': ['get', 'label'],
      'text-font': [FONT],
      'text-size': layer.kind === 'area' ? 14 : 12,
      'symbol-placement': line ? 'line' : 'point',
      'text-variable-anchor': point ? ['top', 'bottom', 'left', 'right'] : ['center'],
      'text-radial-offset': point ? 1.1 : 0,
      'text-max-width': 9,
      'text-padding': 4,
    },
    paint: { 'text-color': ink, 'text-halo-color': halo, 'text-halo-width': 1.6 },
  }
}

function areaLayers(layer: MapLayer): LayerSpecification[] {
  return [
    {
      id: `${layer.id}/fill`, type: 'fill', source: FEATURES, filter: of(layer),
      paint: { 'fill-color': tokenColour('--map-land'), 'fill-opacity': 1 },
    },
    {
      id: `${layer.id}/edge`, type: 'line', source: FEATURES, filter: of(layer),
      paint: { 'line-color': tokenColour('--map-line'), 'line-width': 1.2 },
    },
  ]
}

function lineLayers(layer: MapLayer): LayerSpecification[] {
  const road = layer.kind === 'road'
  const casing: LayerSpecification = {
    id: `${layer.id}/casing`, type: 'line', source: FEATURES, filter: of(layer),
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': tokenColour('--surface'), 'line-width': road ? 4.5 : 5 },
  }
  const line: LayerSpecification = {
    id: `${layer.id}/line`, type: 'line', source: FEATURES, filter: of(layer),
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': tokenColour(road ? '--map-road' : '--ink'),
      'line-width': road ? 2.5 : 2.25,
      ...(road ? {} : { 'line-dasharray': [3, 2] }),
    },
  }
  return [casing, line]
}

function pointLayer(layer: MapLayer): LayerSpecification {
  return {
    id: `${layer.id}/point`, type: 'symbol', source: FEATURES, filter: of(layer),
    layout: {
      'icon-image': ['concat', 'state-', ['coalesce', ['get', 'symbol_state'], 'plain']],
      'icon-allow-overlap': true,
      'icon-size': 1,
    },
  }
}

/** All layers in drawing order: areas, then lines, then points, then every label on top. */
export function mapStyle(data: GeoJSON.FeatureCollection, layers: readonly MapLayer[]): StyleSpecification {
  const ink = tokenColour('--ink')
  const halo = tokenColour('--surface')
  const order: LayerKind[] = ['area', 'road', 'line', 'point']
  const sorted = order.flatMap((kind) => layers.filter((layer) => layer.kind === kind))
  const drawn = sorted.flatMap((layer) =>
    layer.kind === 'area' ? areaLayers(layer) : layer.kind === 'point' ? [pointLayer(layer)] : lineLayers(layer),
  )
  const here: LayerSpecification = {
    id: 'here', type: 'circle', source: FEATURES, filter: ['==', ['get', 'id'], ''],
    paint: { 'circle-radius': 17, 'circle-color': 'transparent', 'circle-stroke-color': tokenColour('--focus'), 'circle-stroke-width': 3 },
  }
  const ground: LayerSpecification = { id: 'ground', type: 'background', paint: { 'background-color': tokenColour('--map-water') } }
  return {
    version: 8,
    'font-faces': fontFaces,
    sources: { [FEATURES]: { type: 'geojson', data }, [AREA_LABELS]: { type: 'geojson', data: areaLabels(data) } },
    layers: [ground, ...drawn, here, ...sorted.map((layer) => label(layer, ink, halo))],
  } as StyleSpecification
}
