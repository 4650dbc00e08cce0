/** Keeps the page true: one event stream per browser, and only the pieces that a message names are asked for again. */
import { learnServerTime } from './clock.ts'
import { swapInside } from './swap.ts'
import { word } from './words.ts'

export const TOPICS = 'tansiq:topics'
const GATHER_MS = 250
const SILENCE_MS = 60_000
const LONGEST_WAIT_MS = 30_000

type State = { kind: 'state'; live: boolean; since: number }
type News = { kind: 'news'; id: string; topics: string[] }
type Message = State | News | { kind: 'ask' }

/** Whether a piece that follows `followed` must be asked for again: same topic, or one below it. `*` follows all. */
export function concerns(followed: readonly string[], topics: readonly string[]): boolean {
  return topics.some((topic) =>
    topic === '*' || followed.some((mine) => mine === '*' || topic === mine || topic.startsWith(`${mine}.`)),
  )
}

/** The topics of one event's data; anything that is not understood means "everything". */
export function topicsOf(data: string): string[] {
  try {
    const read: unknown = JSON.parse(data)
    const topics = (read as { topics?: unknown } | null)?.topics
    if (Array.isArray(topics) && topics.every((topic) => typeof topic === 'string')) return topics
  } catch {
    // A message that cannot be read still says that something happened.
  }
  return ['*']
}

/** The stream's address, with the last event that this browser saw. */
export function streamAddress(stream: string, lastId: string): string {
  if (!lastId) return stream
  return `${stream}${stream.includes('?') ? '&' : '?'}after=${encodeURIComponent(lastId)}`
}

/** How long, in ms, a piece is left as it is after it was asked for (`data-live-rest`, in seconds). */
function restOf(region: { dataset: DOMStringMap }): number {
  const seconds = Number(region.dataset.liveRest ?? 0)
  return Number.isFinite(seconds) ? seconds * 1000 : 0
}

async function refresh(region: HTMLElement): Promise<void> {
  const address = region.dataset.liveUrl
  if (!address) return
  const answer = await fetch(address, { headers: { 'HX-Request': 'true' }, credentials: 'same-origin' })
  learnServerTime(answer.headers.get('Date'))
  if (answer.redirected) return // signed out meanwhile: the page stays as it is until the person acts
  if (answer.status === 404) swapInside(region, '')
  if (answer.ok) swapInside(region, await answer.text())
}

class Pieces {
  #waiting = new Set<string>()
  #timer = 0
  #asked = new WeakMap<HTMLElement, number>()
  #resting = new WeakSet<HTMLElement>()
  #shownAt = Date.now() // the page itself was as fresh as a piece

  /** Gather the topics of a moment, then ask once for each piece that follows one of them. */
  tell(topics: readonly string[]): void {
    topics.forEach((topic) => this.#waiting.add(topic))
    if (document.hidden || this.#timer) return
    this.#timer = window.setTimeout(() => this.#go(), GATHER_MS)
  }

  shown(): void {
    if (!document.hidden && this.#waiting.size > 0) this.tell([])
  }

  #go(): void {
    this.#timer = 0
    const topics = [...this.#waiting]
    this.#waiting.clear()
    document.dispatchEvent(new CustomEvent(TOPICS, { detail: topics }))
    for (const region of document.querySelectorAll<HTMLElement>('[data-live]')) {
      const followed = (region.dataset.live ?? '').split(/\s+/).filter(Boolean)
      if (concerns(followed, topics) && !this.#isInside(region, topics)) this.#ask(region)
    }
  }

  /** When everything is asked for again, a piece inside another comes with it. */
  #isInside(region: HTMLElement, topics: readonly string[]): boolean {
    return topics.includes('*') && Boolean(region.parentElement?.closest('[data-live]'))
  }

  /** Ask for a piece; one that rests is asked for once its rest is over, however much happened meanwhile. */
  #ask(region: HTMLElement): void {
    const rest = restOf(region)
    if (this.#resting.has(region)) return
    const wait = rest ? (this.#asked.get(region) ?? this.#shownAt) + rest - Date.now() : 0
    if (wait > 0) this.#resting.add(region)
    window.setTimeout(() => {
      this.#resting.delete(region)
      this.#asked.set(region, Date.now())
      if (region.isConnected) refresh(region).catch(() => undefined)
    }, Math.max(wait, 0))
  }
}

class Badge {
  #element: HTMLElement
  constructor(element: HTMLElement) {
    this.#element = element
  }

  show(state: State): void {
    const time = new Date(state.since).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
    this.#element.hidden = false
    this.#element.dataset.state = state.live ? 'live' : 'lost'
    const text = this.#element.querySelector('span') ?? this.#element
    text.textContent = state.live ? word('live-on') : word('live-lost', { time })
  }
}

/** The tab that holds the stream for all tabs of this room. */
class Stream {
  lastId = ''
  state: State = { kind: 'state', live: false, since: Date.now() }
  #address: string
  #say: (message: Message) => void
  #source: EventSource | null = null
  #wait = 1000
  #watch = 0

  constructor(address: string, lastId: string, say: (message: Message) => void) {
    this.#address = address
    this.lastId = lastId
    this.#say = say
    window.addEventListener('offline', () => this.#turn(false))
    this.#open()
  }

  close(): void {
    this.#source?.close()
  }

  #open(): void {
    const source = new EventSource(streamAddress(this.#address, this.lastId))
    this.#source = source
    source.onopen = () => {
      this.#wait = 1000
      if (!this.lastId) this.#say({ kind: 'news', id: '', topics: ['*'] })
      this.#turn(true)
    }
    source.onmessage = (event) => this.#news(event, topicsOf(event.data as string))
    source.addEventListener('resync', (event) => this.#news(event, ['*']))
    source.addEventListener('beat', (event) => this.#beat(event))
    source.onerror = () => this.#failed(source)
  }

  #news(event: MessageEvent, topics: string[]): void {
    this.lastId = event.lastEventId || this.lastId
    this.#turn(true)
    this.#say({ kind: 'news', id: this.lastId, topics })
  }

  /** A server that beats is believed lost when it stops; one that never beats is not watched. */
  #beat(event: MessageEvent): void {
    this.lastId = event.lastEventId || this.lastId
    this.#turn(true)
    clearTimeout(this.#watch)
    this.#watch = window.setTimeout(() => this.#source && this.#again(this.#source), SILENCE_MS)
  }

  /** The browser tries again by itself after a dropped line, but not after a refusal. */
  #failed(source: EventSource): void {
    this.#turn(false)
    if (source.readyState === EventSource.CLOSED) this.#again(source)
  }

  #again(source: EventSource): void {
    this.#turn(false)
    source.close()
    setTimeout(() => this.#open(), this.#wait)
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS)
  }

  #turn(live: boolean): void {
    if (live === this.state.live && live) return
    if (!live && !this.state.live && this.state.since) return this.#say(this.state)
    this.state = { kind: 'state', live, since: Date.now() }
    this.#say(this.state)
  }
}

/** Run `lead` in one tab at a time; where the browser cannot elect one, in every tab. */
function elect(name: string, lead: () => void): void {
  if (!navigator.locks) return lead()
  void navigator.locks.request(name, () => {
    lead()
    return new Promise(() => undefined)
  })
}

export function startLive(): void {
  const element = document.querySelector<HTMLElement>('[data-live-stream]')
  const address = element?.dataset.liveStream
  if (!element || !address) return
  const badge = new Badge(element)
  const pieces = new Pieces()
  const name = `tansiq-live:${address}:${document.body.dataset.room ?? ''}`
  const channel = new BroadcastChannel(name)
  let lastId = ''
  let stream: Stream | null = null
  const hear = (message: Message) => {
    if (message.kind === 'state') badge.show(message)
    if (message.kind === 'news') {
      lastId = message.id || lastId
      pieces.tell(message.topics)
    }
    if (message.kind === 'ask' && stream) channel.postMessage(stream.state)
  }
  const say = (message: Message) => {
    channel.postMessage(message)
    hear(message)
  }
  channel.onmessage = (event) => hear(event.data as Message)
  channel.postMessage({ kind: 'ask' })
  document.addEventListener('visibilitychange', () => pieces.shown())
  window.addEventListener('pagehide', () => stream?.close())
  elect(name, () => (stream = new Stream(address, lastId, say)))
}
