/** Starts each behaviour on the page and again on every piece that is swapped in. */
import './styles/index.css'
import htmx from 'htmx.org'
import { startCharts } from './chart.ts'
import { startClocks } from './clock.ts'
import { startFilePick } from './filepick.ts'
import { startForms } from './form.ts'
import icons from './icons.svg?url'
import { startKeyboard } from './keyboard.ts'
import { startLanes } from './lanes.ts'
import { startLive } from './live.ts'
import { SWAPPED } from './swap.ts'
import { startTables } from './table.ts'
import { startTheme } from './theme.ts'
import { reportFailedRequests, settleHtmx } from './request.ts'

function startPieces(root: ParentNode): void {
  startCharts(root)
  startFilePick(root)
  startForms(root)
  startTables(root)
  const scanner = root.querySelector<HTMLElement>('[data-scan]')
  if (scanner) void import('./scan/index.ts').then((scan) => scan.startScan(scanner))
  const maps = root.querySelectorAll<HTMLElement>('[data-map]')
  if (maps.length > 0) void import('./map/index.ts').then((map) => maps.forEach(map.startMap))
}

document.documentElement.dataset.script = 'on'
settleHtmx(htmx)
startTheme()
startKeyboard()
startClocks(icons)
startPieces(document)
startLive()
startLanes()
reportFailedRequests()
document.addEventListener(SWAPPED, (event) => startPieces(event.target as HTMLElement))
document.addEventListener('htmx:load', (event) => {
  if (event.target !== document.body) startPieces(event.target as HTMLElement)
})
