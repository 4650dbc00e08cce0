/** Scans kept on the device until the server has answered each of them. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'

export type Values = Record<string, string>
export type Difference = { kind: string; found: string; expected: string }
export type Answer = {
  key: string
  state: 'taken' | 'faulty'
  sentence?: string
  unit?: string
  manifest?: string
  stage?: string
  before?: string
  answers?: { code: string; words: string }[]
  differences?: Difference[]
}
export type Kept = { key: string; room: string; at: number; values: Values; answer?: Answer }

interface Schema extends DBSchema {
  scans: { key: string; value: Kept }
}

const NAME = 'tansiq-scans'
const DONE_AT_MOST = 20

function open(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(NAME, 1, {
    upgrade: (database) => void database.createObjectStore('scans', { keyPath: 'key' }),
  })
}

/** A random name of a scan, also where the page is not of a secure origin. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

export async function keep(scan: Kept): Promise<void> {
  const database = await open()
  await database.put('scans', scan)
  database.close()
}

export async function discard(key: string): Promise<void> {
  const database = await open()
  await database.delete('scans', key)
  database.close()
}

/** Every scan of a room, the newest first; of those that were taken only the latest stay. */
export async function scansOf(room: string): Promise<Kept[]> {
  const database = await open()
  const all = (await database.getAll('scans')).filter((one) => one.room === room).sort((one, other) => other.at - one.at)
  const done = all.filter((one) => one.answer?.state === 'taken')
  for (const old of done.slice(DONE_AT_MOST)) await database.delete('scans', old.key)
  database.close()
  return all.filter((one) => !done.slice(DONE_AT_MOST).includes(one))
}
