/** Puts a fresh copy of a piece in the place of the old one, touching only what differs. */
import htmx from 'htmx.org'
import { Idiomorph } from 'idiomorph'

export const SWAPPED = 'tansiq:swapped'
const DRAWN = 'tansiq-clock'

/** Keep what a script drew inside a clock: its attributes are enough to draw it again. */
function keepDrawn(old: Node, fresh: Node): boolean {
  if (!(old instanceof Element) || !(fresh instanceof Element) || !old.matches(DRAWN)) return true
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value)
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && name !== 'data-band') old.removeAttribute(name)
  return false
}

function rowTexts(root: HTMLElement): Map<string, string> {
  const rows = [...(root.matches('[data-row][id]') ? [root] : []), ...root.querySelectorAll('[data-row][id]')]
  return new Map(rows.map((row) => [row.id, row.textContent ?? '']))
}

/** Replace the inside of `region` by `html`; rows that are new or changed light up for a moment. */
export function swapInside(region: HTMLElement, html: string): void {
  const before = rowTexts(region)
  Idiomorph.morph(region, html, {
    morphStyle: 'innerHTML',
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed: keepDrawn,
      beforeAttributeUpdated: (name, node) => !(name === 'open' && node.matches('details, dialog')),
    },
  })
  for (const [id, text] of rowTexts(region)) {
    if (before.get(id) === text) continue
    const row = document.getElementById(id)
    row?.classList.add('is-fresh')
    row?.addEventListener('animationend', () => row.classList.remove('is-fresh'), { once: true })
  }
  htmx.process(region)
  region.dispatchEvent(new CustomEvent(SWAPPED, { bubbles: true }))
}
