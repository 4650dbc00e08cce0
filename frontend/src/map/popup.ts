/** What a feature says when it is clicked: text only, never markup from data. */

type Detail = [string, string]

/** Properties arrive from the map as JSON text where they were lists. */
function detailsOf(raw: unknown): Detail[] {
  const read: unknown = typeof raw === 'string' ? JSON.parse(raw) : raw
  return Array.isArray(read) ? (read as Detail[]) : []
}

/** A page of this server, or nothing: a feature never leads elsewhere. */
export function ownAddress(raw: unknown, origin: string): string | null {
  if (typeof raw !== 'string' || !raw) return null
  const address = new URL(raw, origin)
  return address.origin === origin ? address.pathname + address.search + address.hash : null
}

export function popupContent(properties: Record<string, unknown>, openLabel: string): HTMLElement {
  const box = document.createElement('div')
  box.className = 'map-popup'
  const title = document.createElement('h3')
  title.dir = 'auto'
  title.textContent = String(properties.name ?? '')
  const facts = document.createElement('dl')
  facts.className = 'facts'
  for (const [name, value] of detailsOf(properties.details)) {
    const dt = document.createElement('dt')
    dt.textContent = name
    const dd = document.createElement('dd')
    dd.dir = 'auto'
    dd.textContent = value
    facts.append(dt, dd)
  }
  box.append(title, facts)
  const address = ownAddress(properties.url, location.origin)
  if (address) {
    const link = document.createElement('a')
    link.href = address
    link.textContent = openLabel
    box.append(link)
  }
  return box
}
