/** Turns `data-key` attributes into keys: `?` lists them, `/` searches, `g` and a letter goes to a section. */
import { word } from './words.ts'

const PATIENCE_MS = 1200
const FIELDS = 'input:not([type=checkbox],[type=radio],[type=button],[type=submit],[type=range]),textarea,select,[contenteditable]'

export interface Press {
  key: string
  code: string
  shiftKey: boolean
}

/** The Latin key at the place that was pressed, whatever alphabet the keyboard writes. */
export function latinKey(press: Press): string {
  if (press.key.length > 1 || /^[\x21-\x7e]$/.test(press.key)) return press.key
  if (press.key === '؟') return '?'
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1]
  if (letter) return letter.toLowerCase()
  if (press.code === 'Slash') return press.shiftKey ? '?' : '/'
  return press.key
}

/** What a run of keys means among the known sequences: one of them, the beginning of one, or nothing. */
export function readSequence(typed: readonly string[], known: readonly string[]): string | 'wait' | null {
  const text = typed.join(' ')
  if (known.includes(text)) return text
  return known.some((sequence) => sequence.startsWith(`${text} `)) ? 'wait' : null
}

function keyed(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-key]')].filter((element) => element.checkVisibility())
}

function use(element: HTMLElement): void {
  if (element.matches(FIELDS)) {
    element.focus()
    if (element instanceof HTMLInputElement) element.select()
  } else element.click()
}

function nameOf(element: HTMLElement): string {
  const name = element.dataset.keyLabel ?? element.getAttribute('aria-label') ?? element.textContent ?? ''
  return name.replace(/\s+/g, ' ').trim()
}

function keyCaps(sequence: string): HTMLElement {
  const cell = document.createElement('dt')
  const caps = document.createElement('bdi')
  caps.dir = 'ltr' // keys are pressed in the order in which they are read, whatever the language
  for (const key of sequence.split(' ')) {
    const cap = document.createElement('kbd')
    cap.textContent = key
    caps.append(cap, ' ')
  }
  cell.append(caps)
  return cell
}

/** Write the keys that work on this page into the dialog and open it. */
function listKeys(dialog: HTMLDialogElement): void {
  const list = dialog.querySelector('dl')
  if (!list) return
  list.replaceChildren()
  const rows = keyed().map((element): [string, string] => [element.dataset.key ?? '', nameOf(element)])
  rows.push(['?', word('key-list')], ['Esc', word('key-escape')])
  for (const [sequence, name] of rows) {
    const text = document.createElement('dd')
    text.textContent = name
    list.append(keyCaps(sequence), text)
  }
  dialog.showModal()
}

export function startKeyboard(): void {
  const dialog = document.getElementById('keys') as HTMLDialogElement | null
  let typed: string[] = []
  let last = 0
  document.querySelectorAll('[data-key-list]').forEach((button) =>
    button.addEventListener('click', () => dialog && listKeys(dialog)),
  )
  document.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement
    if (event.key === 'Escape' && target.matches(FIELDS)) target.blur()
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return
    if (target.matches(FIELDS) || document.querySelector('dialog[open]') || event.key === 'Shift') return
    const key = latinKey(event)
    if (key === '?' && dialog) return listKeys(dialog)
    typed = event.timeStamp - last > PATIENCE_MS ? [key] : [...typed, key]
    last = event.timeStamp
    const elements = keyed()
    const known = elements.map((element) => element.dataset.key ?? '')
    let meaning = readSequence(typed, known)
    if (meaning === null && typed.length > 1) meaning = readSequence((typed = [key]), known)
    if (meaning === null) typed = []
    if (meaning === null || meaning === 'wait') return
    typed = []
    event.preventDefault()
    const found = elements.find((element) => element.dataset.key === meaning)
    if (found) use(found)
  })
}
