/** Moves a row of a board into the lane that it names, once a fresh copy of it names another. */
import { SWAPPED } from './swap.ts'

/** The lane that a row is to stand in: none where it stands in it already, or the board shows no such lane. */
function laneFor<Lane extends { dataset: DOMStringMap }>(
  named: string | undefined, here: Lane | null, lanes: readonly Lane[],
): Lane | null {
  if (named === undefined || !here || here.dataset.lane === named) return null
  return lanes.find((lane) => lane.dataset.lane === named) ?? null
}

export function startLanes(): void {
  document.addEventListener(SWAPPED, (event) => {
    const row = event.target
    if (!(row instanceof HTMLTableRowElement)) return
    const here = row.closest<HTMLElement>('tbody[data-lane]')
    const lanes = [...(row.closest('table')?.querySelectorAll<HTMLElement>('tbody[data-lane]') ?? [])]
    const lane = laneFor(row.querySelector<HTMLElement>('[data-lane]')?.dataset.lane, here, lanes)
    const head = lane?.querySelector('tr')
    if (head) head.after(row)
  })
}
