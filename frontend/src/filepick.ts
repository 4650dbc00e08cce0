/** Lets a file be dropped on its field, and says name and size, or why not, before anything is sent. */
import { word } from './words.ts'

/** A size in words with one decimal, in powers of 1024. */
export function sizeText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB']
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1)
  const value = bytes / 1024 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`
}

/** Whether a file's name or type is among those that the field takes; an empty list takes all. */
export function isAccepted(name: string, type: string, accept: string): boolean {
  const wanted = accept.split(',').map((part) => part.trim().toLowerCase()).filter(Boolean)
  const test = (part: string) =>
    part.startsWith('.') ? name.toLowerCase().endsWith(part)
    : part.endsWith('/*') ? type.startsWith(part.slice(0, -1))
    : type === part
  return wanted.length === 0 || wanted.some(test)
}

function complaint(file: File, input: HTMLInputElement): string {
  const limit = Number(input.dataset.maxBytes ?? 0)
  if (!isAccepted(file.name, file.type, input.accept)) return word('file-kind', { kinds: input.accept })
  if (limit > 0 && file.size > limit) return word('file-large', { limit: sizeText(limit) })
  return file.size === 0 ? word('file-empty') : ''
}

function list(input: HTMLInputElement, place: HTMLElement): void {
  place.replaceChildren()
  let trouble = ''
  for (const file of input.files ?? []) {
    const row = document.createElement('li')
    const name = document.createElement('bdi')
    name.textContent = file.name
    const why = complaint(file, input)
    const note = document.createElement('span')
    note.textContent = why || sizeText(file.size)
    row.classList.toggle('is-refused', why !== '')
    row.append(name, note)
    place.append(row)
    trouble ||= why
  }
  input.setCustomValidity(trouble)
}

function start(zone: HTMLElement): void {
  const input = zone.querySelector<HTMLInputElement>('input[type=file]')
  if (!input || zone.dataset.ready) return
  zone.dataset.ready = 'yes'
  const place = document.createElement('ul')
  place.className = 'file-drop__list'
  place.setAttribute('aria-live', 'polite')
  zone.append(place)
  input.addEventListener('change', () => list(input, place))
  zone.addEventListener('dragover', (event) => {
    event.preventDefault()
    zone.classList.add('is-over')
  })
  zone.addEventListener('dragleave', () => zone.classList.remove('is-over'))
  zone.addEventListener('drop', (event) => {
    event.preventDefault()
    zone.classList.remove('is-over')
    const dropped = event.dataTransfer?.files
    if (!dropped?.length || (dropped.length > 1 && !input.multiple)) return
    input.files = dropped
    input.dispatchEvent(new Event('change', { bubbles: true }))
  })
}

export function startFilePick(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>('.file-drop').forEach(start)
}
