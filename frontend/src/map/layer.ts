/** What a layer of the map is: areas, lines, roads or points under one name. */

export type LayerKind = 'area' | 'line' | 'road' | 'point'
export interface MapLayer {
  id: string
  label: string
  kind: LayerKind
  shown: boolean
}
