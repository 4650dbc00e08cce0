/** Small aids for tables: labels for the phone's cards, sorting of short lists, one tick for all rows. */

/** The column heads, for a narrow screen that shows each row as a card. */
function labelCells(table: HTMLTableElement): void {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent?.trim() ?? '')
  for (const body of table.tBodies) {
    for (const row of body.rows) {
      for (const cell of row.cells) {
        const head = heads[cell.cellIndex]
        if (head && cell.colSpan === 1) cell.dataset.label ??= head
      }
    }
  }
}

/** Numbers before words, empty cells last, words in the order of the page's language. */
export function compareValues(one: string, other: string, language: string): number {
  if (one === '' || other === '') return Number(one === '') - Number(other === '')
  const [a, b] = [one, other].map((text) => Number(text.replace(/[,\u200e\s]/g, '').replace('\u2212', '-')))
  if (!Number.isNaN(a) && !Number.isNaN(b)) return (a ?? 0) - (b ?? 0)
  return one.localeCompare(other, language, { numeric: true })
}

function valueOf(row: HTMLTableRowElement, column: number): string {
  const cell = row.cells[column]
  return cell?.dataset.value ?? cell?.textContent?.trim() ?? ''
}

function sortBy(table: HTMLTableElement, head: HTMLTableCellElement): void {
  const descending = head.getAttribute('aria-sort') === 'ascending'
  const body = table.tBodies[0]
  if (!body) return
  const sign = descending ? -1 : 1
  const language = document.documentElement.lang
  const rows = [...body.rows].sort(
    (a, b) => sign * compareValues(valueOf(a, head.cellIndex), valueOf(b, head.cellIndex), language),
  )
  table.tHead?.querySelectorAll('[aria-sort]').forEach((cell) => cell.removeAttribute('aria-sort'))
  head.setAttribute('aria-sort', descending ? 'descending' : 'ascending')
  body.append(...rows)
}

function makeSortable(table: HTMLTableElement): void {
  for (const head of table.tHead?.rows[0]?.cells ?? []) {
    if (head.querySelector('a, button, input') || !head.textContent?.trim()) continue
    const button = document.createElement('button')
    button.type = 'button'
    button.append(...head.childNodes)
    button.addEventListener('click', () => sortBy(table, head))
    head.append(button)
  }
}

function tickAll(event: Event): void {
  const master = (event.target as Element).closest<HTMLInputElement>('input[data-ticks]')
  if (!master) return
  const boxes = document.querySelectorAll<HTMLInputElement>(`input[name="${master.dataset.ticks}"]`)
  boxes.forEach((box) => (box.checked = master.checked))
}

/** A wide table can be scrolled with the arrow keys once its frame can take the focus. */
function letScroll(frame: HTMLElement): void {
  if (frame.scrollWidth <= frame.clientWidth && frame.scrollHeight <= frame.clientHeight) return
  frame.tabIndex = 0
  frame.role = 'region'
  const caption = frame.querySelector('caption')?.textContent?.trim()
  const name = caption ?? document.querySelector('h1')?.textContent?.trim()
  if (name) frame.ariaLabel ??= name
}

export function startTables(root: ParentNode): void {
  root.querySelectorAll<HTMLTableElement>('table.table--cards').forEach(labelCells)
  const around = root instanceof Element ? root.closest<HTMLTableElement>('table.table--cards') : null
  if (around) labelCells(around) // a row alone was swapped
  root.querySelectorAll<HTMLTableElement>('table[data-sortable]').forEach((table) => {
    if (table.dataset.sortable !== 'ready') makeSortable(table)
    table.dataset.sortable = 'ready'
  })
  document.addEventListener('change', tickAll) // the same listener again is the same listener
  root.querySelectorAll<HTMLElement>('.table-wrap').forEach(letScroll)
}
