/** What a clock says; the element itself needs a browser, so a bare stand-in carries the class. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

Object.assign(globalThis, { HTMLElement: class {} })
const { partsOf, readClock } = await import('../src/clock.ts')
const HOUR = 3_600_000

test('a clock is at risk in its last quarter and overdue after its due time', () => {
  const bands = [0, 2, 3, 4].map((hours) => readClock(0, 4 * HOUR, hours * HOUR, 'running').band)
  assert.deepEqual(bands, ['running', 'running', 'at-risk', 'at-risk'])
  assert.deepEqual(readClock(0, 4 * HOUR, 5 * HOUR, 'running'), { band: 'overdue', leftShare: 0, leftSeconds: -3600 })
})

test('a paused or met clock keeps its state whatever the time', () => {
  assert.equal(readClock(0, HOUR, 9 * HOUR, 'paused').band, 'paused')
  assert.equal(readClock(0, HOUR, 9 * HOUR, 'met').band, 'met')
})

test('time left is told in its two largest units', () => {
  assert.deepEqual(partsOf(183_600), [[2, 'd'], [3, 'h']])
  assert.deepEqual(partsOf(-4320), [[1, 'h'], [12, 'min']])
  assert.deepEqual(partsOf(1980), [[33, 'min']])
  assert.deepEqual(partsOf(90), [[90, 's']])
})
