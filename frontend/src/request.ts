/** Settles htmx for a page without inline script or style, and says so when a request fails. */
import type htmxType from 'htmx.org'
import { word } from './words.ts'

/** No code from attributes, no style element, no page kept in the browser; a refused form is shown again. */
export function settleHtmx(htmx: typeof htmxType): void {
  htmx.config.allowEval = false
  htmx.config.includeIndicatorStyles = false
  htmx.config.selfRequestsOnly = true
  htmx.config.historyCacheSize = 0
  htmx.config.responseHandling = [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '(409|422)', swap: true },
    { code: '...', swap: false, error: true },
  ]
}

/** Show one sentence at the top of the page; a second failure replaces the first. */
export function announce(text: string): void {
  const place = document.getElementById('announcements')
  if (!place) return
  const alert = document.createElement('p')
  alert.className = 'alert alert--bad'
  alert.textContent = text
  place.replaceChildren(alert)
}

export function reportFailedRequests(): void {
  const failed = () => announce(word('request-failed'))
  document.addEventListener('htmx:responseError', failed)
  document.addEventListener('htmx:sendError', failed)
}
