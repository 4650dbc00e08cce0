/** Tells a genuine code from a forged one on the device itself, with the public key that the page holds. */

const PREFIX = 'TQ1:'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const SIGNATURE = 64
const DOMAIN = new TextEncoder().encode('tansiq code v1\n')

export type Verdict = 'genuine' | 'forged' | 'unchecked' | 'none'

/** The bytes of a text in base 32 (RFC 4648), or null for what is none. */
export function fromBase32(text: string): Uint8Array<ArrayBuffer> | null {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8))
  let [buffer, bits, at] = [0, 0, 0]
  for (const letter of text) {
    const value = LETTERS.indexOf(letter)
    if (value < 0) return null
    buffer = ((buffer << 5) | value) & 0xffff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (buffer >> bits) & 0xff
    }
  }
  return bytes
}

/** What a text is, as far as this device can tell; 'none' is no code of ours, such as a short code that was typed. */
export async function verdict(text: string, publicKey: string): Promise<Verdict> {
  const trimmed = text.trim().toUpperCase()
  if (!trimmed.startsWith(PREFIX)) return 'none'
  const raw = fromBase32(trimmed.slice(PREFIX.length))
  if (raw === null || raw.length <= SIGNATURE) return 'forged'
  const body = raw.slice(0, -SIGNATURE)
  const signed = new Uint8Array(DOMAIN.length + body.length)
  signed.set(DOMAIN)
  signed.set(body, DOMAIN.length)
  const key = Uint8Array.from(publicKey.match(/../g) ?? [], (pair) => parseInt(pair, 16))
  try {
    const known = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify'])
    return (await crypto.subtle.verify('Ed25519', known, raw.slice(-SIGNATURE), signed)) ? 'genuine' : 'forged'
  } catch {
    return 'unchecked'
  }
}
