/** Sends a form once, and keeps what was typed when the answer does not come. */
import { word } from './words.ts'

type Draft = { sentAt: number; failed: boolean; values: [string, string][] }
const PREFIX = 'draft:'
const KEEP_MS = 30 * 60 * 1000
const NEVER = new Set(['csrfmiddlewaretoken', 'key'])

function draftName(form: HTMLFormElement): string {
  const room = document.body.dataset.room ?? ''
  return `${PREFIX}${room}:${new URL(form.action || location.href, location.href).pathname}:${form.id}`
}

function isKept(form: HTMLFormElement): boolean {
  return form.method === 'post' && form.dataset.keep !== 'no' && !form.querySelector('input[type=password]')
}

/** What a person typed: no hidden values, no files, no secrets. */
function typedValues(form: HTMLFormElement): [string, string][] {
  const values: [string, string][] = []
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement)) continue
    if (!field.name || NEVER.has(field.name) || ['hidden', 'file', 'password', 'submit', 'button'].includes(field.type)) continue
    if (field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio')) {
      if (field.checked) values.push([field.name, field.value])
    } else if (field instanceof HTMLSelectElement) {
      for (const option of field.selectedOptions) values.push([field.name, option.value])
    } else if (field.value !== '') values.push([field.name, field.value])
  }
  return values
}

function putBack(form: HTMLFormElement, values: [string, string][]): void {
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement)) continue
    const mine = values.filter(([name]) => name === field.name).map(([, value]) => value)
    if (mine.length === 0) continue
    if (field instanceof HTMLSelectElement) for (const option of field.options) option.selected = mine.includes(option.value)
    else if (field.type === 'checkbox' || field.type === 'radio') (field as HTMLInputElement).checked = mine.includes(field.value)
    else field.value = mine[0] ?? ''
  }
}

function readDraft(name: string): Draft | null {
  const text = sessionStorage.getItem(name)
  return text ? (JSON.parse(text) as Draft) : null
}

function draftNames(): string[] {
  return Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX))
}

/**
 * A draft arrived when an ordinary page followed, unless that page is its own form again without a word of success:
 * so it is after an error page of the browser, from which a person comes back by the address.
 */
function settleDrafts(): void {
  const kind = (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming | undefined)?.type
  const failedPage = document.body.dataset.outcome === 'failed'
  const succeeded = document.querySelector('.alert--good') !== null
  const here = new Set([...document.forms].map(draftName))
  for (const name of draftNames()) {
    const draft = readDraft(name)
    if (!draft || Date.now() - draft.sentAt > KEEP_MS) sessionStorage.removeItem(name)
    else if (failedPage || kind !== 'navigate' || (here.has(name) && !succeeded)) sessionStorage.setItem(name, JSON.stringify({ ...draft, failed: true }))
    else if (!draft.failed) sessionStorage.removeItem(name)
  }
}

function offer(form: HTMLFormElement, name: string, draft: Draft): void {
  const box = document.createElement('div')
  box.className = 'alert alert--watch'
  const text = document.createElement('p')
  text.className = 'alert__text'
  text.textContent = word('draft-kept')
  const button = (label: string, act: () => void) => {
    const made = document.createElement('button')
    made.type = 'button'
    made.className = 'button button--small'
    made.textContent = label
    made.addEventListener('click', () => {
      act()
      sessionStorage.removeItem(name)
      box.remove()
    })
    return made
  }
  box.append(text, button(word('draft-restore'), () => putBack(form, draft.values)), button(word('draft-discard'), () => undefined))
  form.before(box)
}

const CARRIED = 'carried'
const CARRY_MS = 2 * 60 * 1000
type Carried = { at: number; forms: Record<string, [string, string][]> }

/** Each form that a person types into, under a name that finds it again in another language. */
function carriedForms(): Map<string, HTMLFormElement> {
  const found = new Map<string, HTMLFormElement>()
  for (const form of document.querySelectorAll<HTMLFormElement>('main form')) {
    if (form.method !== 'post' || form.querySelector('input[type=password]')) continue
    const name = draftName(form)
    let place = 0
    while (found.has(`${name}#${place}`)) place += 1
    found.set(`${name}#${place}`, form)
  }
  return found
}

/** Take along what was typed when the page is asked for in another language. */
function carry(): void {
  const forms: Carried['forms'] = {}
  for (const [name, form] of carriedForms()) {
    const values = typedValues(form)
    if (values.length > 0) forms[name] = values
  }
  sessionStorage.setItem(CARRIED, JSON.stringify({ at: Date.now(), forms } satisfies Carried))
}

/** Put it back on the page that follows, without a question: nothing was sent, and nothing is lost. */
function unpack(): void {
  const text = sessionStorage.getItem(CARRIED)
  sessionStorage.removeItem(CARRIED)
  if (!text) return
  const carried = JSON.parse(text) as Carried
  if (Date.now() - carried.at > CARRY_MS) return
  for (const [name, form] of carriedForms()) {
    const values = carried.forms[name]
    if (!values) continue
    form.querySelectorAll<HTMLInputElement>('input[type=checkbox], input[type=radio]').forEach((field) => {
      field.checked = false
    })
    putBack(form, values)
    sessionStorage.removeItem(draftName(form))
    form.dispatchEvent(new Event('change', { bubbles: true }))
  }
}

function release(form: HTMLFormElement): void {
  delete form.dataset.sent
  form.querySelectorAll<HTMLButtonElement>('[data-busy]').forEach((button) => {
    delete button.dataset.busy
    button.removeAttribute('aria-disabled')
  })
}

function send(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement
  if (form.method === 'dialog' || event.defaultPrevented) return
  if (form.dataset.sent) return event.preventDefault()
  if (form.method !== 'post') return
  form.dataset.sent = 'yes'
  if (event.submitter instanceof HTMLButtonElement) {
    event.submitter.dataset.busy = 'yes'
    event.submitter.setAttribute('aria-disabled', 'true')
  }
  if (form.hasAttribute('data-download')) setTimeout(() => release(form), 3000)
  if (isKept(form)) {
    const draft: Draft = { sentAt: Date.now(), failed: false, values: typedValues(form) }
    sessionStorage.setItem(draftName(form), JSON.stringify(draft))
  }
  if (form.hasAttribute('data-carries')) carry()
  if (form.dataset.takesDraft) draftNames().filter((name) => name.startsWith(`${PREFIX}${form.dataset.takesDraft}:`)).forEach((name) => sessionStorage.removeItem(name))
  if (form.hasAttribute('data-sign-out')) draftNames().forEach((name) => sessionStorage.removeItem(name))
}

let started = false

function startOnce(): void {
  if (started) return
  started = true
  unpack()
  settleDrafts()
  document.addEventListener('submit', send)
  document.addEventListener('change', (event) => {
    const select = (event.target as Element).closest<HTMLSelectElement>('select[data-submit]')
    select?.form?.requestSubmit()
  })
  window.addEventListener('pageshow', () => document.querySelectorAll<HTMLFormElement>('form[data-sent]').forEach(release))
  document.addEventListener('htmx:afterRequest', (event) => {
    const form = (event.target as Element).closest('form')
    if (!form) return
    release(form)
    if ((event as CustomEvent<{ successful: boolean }>).detail.successful) sessionStorage.removeItem(draftName(form))
  })
}

export function startForms(root: ParentNode): void {
  startOnce()
  root.querySelectorAll<HTMLFormElement>('form').forEach((form) => {
    const name = draftName(form)
    const draft = isKept(form) ? readDraft(name) : null
    if (!draft?.failed || draft.values.length === 0 || form.dataset.offered || form.querySelector('.errorlist')) return
    form.dataset.offered = 'yes'
    offer(form, name, draft)
  })
}
