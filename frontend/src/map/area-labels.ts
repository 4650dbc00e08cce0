/** Where the names of areas stand: one point for each. */

/** Where an area's name stands: `label_at` where the server says so, else the middle of its largest ring. */
export function labelPoint(feature: GeoJSON.Feature): [number, number] | null {
  const said = feature.properties?.label_at as [number, number] | undefined
  if (said) return said
  const { geometry } = feature
  const polygons = geometry?.type === 'Polygon' ? [geometry.coordinates] : geometry?.type === 'MultiPolygon' ? geometry.coordinates : []
  const middles = polygons.map((polygon) => ringMiddle(polygon[0] ?? []))
  middles.sort((a, b) => b.size - a.size)
  return middles[0]?.at ?? null
}

/** Twice the surface of a ring in square degrees, and its centre of gravity. */
function ringMiddle(ring: GeoJSON.Position[]): { size: number; at: [number, number] } {
  let [size, x, y] = [0, 0, 0]
  ring.slice(1).forEach(([x2 = 0, y2 = 0], i) => {
    const [x1 = 0, y1 = 0] = ring[i] ?? []
    const cross = x1 * y2 - x2 * y1
    size += cross
    x += (x1 + x2) * cross
    y += (y1 + y2) * cross
  })
  const [first = 0, second = 0] = ring[0] ?? []
  return size === 0 ? { size: 0, at: [first, second] } : { size: Math.abs(size), at: [x / (3 * size), y / (3 * size)] }
}

/** One point for each area, so that its name is written once however the map is cut into tiles. */
export function areaLabels(data: GeoJSON.FeatureCollection): GeoJSON.FeatureCollection {
  const features = data.features.flatMap((feature): GeoJSON.Feature[] => {
    const at = labelPoint(feature)
    return at ? [{ type: 'Feature', geometry: { type: 'Point', coordinates: at }, properties: feature.properties }] : []
  })
  return { type: 'FeatureCollection', features }
}
