/** The scan page: keeps each scan on the device, sends it when there is a link, and shows what was answered. */
import { fill } from '../words.ts'
import { watch } from './camera.ts'
import { verdict } from './code.ts'
import { discard, keep, newKey, scansOf, type Answer, type Kept, type Values } from './queue.ts'

type Config = { room: string; places: Record<string, string[]>; asks: Record<string, string[]> }
const STAYING = ['place', 'crossing_code', 'deed', 'truck']
const AGAIN_MS = 20_000

export function startScan(root: HTMLElement): void {
  new ScanPage(root).start()
}

class ScanPage {
  private readonly root: HTMLElement
  private readonly form: HTMLFormElement
  private readonly config: Config
  private sending = false
  private stop: (() => void) | null = null

  constructor(root: HTMLElement) {
    this.root = root
    this.form = root.querySelector('form') as HTMLFormElement
    this.config = JSON.parse(root.querySelector('#scan-config')?.textContent ?? '{}') as Config
  }

  start(): void {
    this.form.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.record()
    })
    this.form.addEventListener('change', () => this.fit())
    this.field('code').addEventListener('input', () => void this.check())
    this.part<HTMLButtonElement>('send').addEventListener('click', () => void this.send())
    addEventListener('online', () => void this.send())
    setInterval(() => void this.send(), AGAIN_MS)
    this.startCamera()
    this.fit()
    void this.show().then(() => this.send())
  }

  private startCamera(): void {
    const button = this.part<HTMLButtonElement>('camera')
    button.hidden = false
    button.addEventListener('click', () => void this.toggle(button))
  }

  private async toggle(button: HTMLButtonElement): Promise<void> {
    if (this.stop) return this.closeCamera(button)
    try {
      this.stop = await watch(this.part<HTMLVideoElement>('video'), (code) => {
        this.field('code').value = code
        this.closeCamera(button)
        void this.check()
      })
      button.lastChild!.textContent = this.word('scan-stop')
    } catch {
      this.say('check', this.word('scan-no-camera'))
    }
  }

  private closeCamera(button: HTMLButtonElement): void {
    this.stop?.()
    this.stop = null
    button.lastChild!.textContent = this.word('scan-start')
  }

  /** Offer the deeds that mean something here, and ask only what the deed needs. */
  private fit(): void {
    const deeds = this.config.places[this.field('place').value]
    const deed = this.field('deed') as unknown as HTMLSelectElement
    for (const option of deed.options) {
      option.hidden = option.disabled = Boolean(option.value && deeds && !deeds.includes(option.value))
    }
    if (deed.selectedOptions[0]?.disabled) deed.value = ''
    const asked = this.config.asks[deed.value] ?? ['quantity', 'condition', 'seal']
    for (const name of ['quantity', 'condition', 'seal']) {
      const block = this.root.querySelector<HTMLElement>(`[data-scan-field="${name}"]`)
      if (block) block.hidden = !asked.includes(name)
    }
  }

  private async check(): Promise<void> {
    const found = await verdict(this.field('code').value, this.root.dataset.publicKey ?? '')
    this.say('check', found === 'none' ? '' : this.word(`scan-${found}`))
  }

  private async record(): Promise<void> {
    const values: Values = {}
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === 'string' && value !== '' && name !== 'csrfmiddlewaretoken') values[name] = value
    }
    if (!values['place'] || !values['deed'] || !values['code']) {
      this.say('check', this.word('scan-missing'))
      return
    }
    const key = newKey()
    const now = new Date()
    await keep({ key, room: this.config.room, at: now.getTime(), values: { ...values, key, claimed_at: now.toISOString() } })
    for (const element of this.form.querySelectorAll<HTMLInputElement>('input:not([type=hidden]), textarea')) {
      if (!STAYING.includes(element.name)) element.value = ''
    }
    this.say('check', '')
    await this.show()
    await this.send()
  }

  private async send(): Promise<void> {
    const waiting = (await scansOf(this.config.room)).filter((one) => !one.answer)
    if (this.sending || waiting.length === 0) return
    this.sending = true
    try {
      const token = this.form.querySelector<HTMLInputElement>('[name=csrfmiddlewaretoken]')?.value ?? ''
      const response = await fetch(this.root.dataset.send ?? '', {
        method: 'POST',
        redirect: 'manual',
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token },
        body: JSON.stringify({ room: this.config.room, device: navigator.userAgent.slice(0, 100), scans: waiting.slice(0, 50).reverse().map((one) => one.values) }),
      })
      await this.take(response, waiting)
    } catch {
      this.say('state', this.word('scan-offline'))
    } finally {
      this.sending = false
    }
  }

  private async take(response: Response, waiting: Kept[]): Promise<void> {
    if (!response.ok) {
      const said = response.headers.get('Content-Type')?.includes('json') ? ((await response.json()) as { sentence?: string }) : {}
      this.say('state', said.sentence ?? this.word('scan-offline'))
      return
    }
    const { answers } = (await response.json()) as { answers: Answer[] }
    for (const answer of answers) {
      const one = waiting.find((scan) => scan.key === answer.key)
      if (one) await keep({ ...one, answer })
    }
    await this.show()
  }

  private async show(): Promise<void> {
    const scans = await scansOf(this.config.room)
    const waiting = scans.filter((one) => !one.answer).length
    this.part<HTMLElement>('queue').hidden = scans.length === 0
    this.say('state', waiting ? this.word('scan-count', { count: waiting }) : this.word('scan-none'))
    this.part<HTMLElement>('list').replaceChildren(...scans.map((one) => this.line(one)))
  }

  private line(one: Kept): HTMLLIElement {
    const item = document.createElement('li')
    item.dataset.state = one.answer?.state ?? 'waiting'
    const time = document.createElement('time')
    time.dateTime = new Date(one.at).toISOString()
    time.textContent = new Date(one.at).toISOString().slice(11, 16)
    const text = document.createElement('div')
    text.className = 'log__text'
    for (const words of this.told(one)) {
      const line = document.createElement('p')
      line.dir = 'auto'
      line.textContent = words
      text.append(line)
    }
    if (one.answer?.state === 'faulty') text.append(this.discarding(one))
    item.append(time, text)
    return item
  }

  private told(one: Kept): string[] {
    const answer = one.answer
    const code = one.values['code'] ?? ''
    if (!answer) return [code.slice(0, 40), this.word('scan-waiting')]
    if (answer.state === 'faulty') return [code.slice(0, 40), answer.sentence ?? '']
    const named = [answer.unit, answer.manifest, answer.stage].filter(Boolean).join(' · ') || code.slice(0, 40)
    return [
      named,
      (answer.answers ?? []).map((each) => each.words).join(' · '),
      ...(answer.before ? [this.word('scan-before', { stage: answer.before })] : []),
      ...(answer.differences ?? []).map((each) => this.differing(each.kind, each.found, each.expected)),
    ]
  }

  private differing(kind: string, found: string, expected: string): string {
    const parts = [kind]
    if (found) parts.push(this.word('scan-found', { found }))
    if (expected) parts.push(this.word('scan-expected', { expected }))
    return parts.join(' · ')
  }

  private discarding(one: Kept): HTMLButtonElement {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button button--small'
    button.textContent = this.word('scan-discard')
    button.addEventListener('click', () => void discard(one.key).then(() => this.show()))
    return button
  }

  private field(name: string): HTMLInputElement {
    return this.form.elements.namedItem(name) as HTMLInputElement
  }

  private part<E extends HTMLElement>(name: string): E {
    return this.root.querySelector(`[data-scan-${name}]`) as E
  }

  private say(part: string, text: string): void {
    this.part<HTMLElement>(part).textContent = text
  }

  private word(name: string, values: Record<string, string | number> = {}): string {
    return fill(this.root.querySelector(`[data-word="${name}"]`)?.textContent?.trim() ?? name, values)
  }
}
