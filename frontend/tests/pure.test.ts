/** The parts of the behaviours that need no page: run with `node --test`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { figureOf, roundUp } from '../src/chart.ts'
import { isAccepted, sizeText } from '../src/filepick.ts'
import { latinKey, readSequence } from '../src/keyboard.ts'
import { labelText, nameIn } from '../src/map/labels.ts'
import { compareValues } from '../src/table.ts'
import { fill } from '../src/words.ts'

test('a key is read by its place when the keyboard writes another alphabet', () => {
  assert.equal(latinKey({ key: 'ل', code: 'KeyG', shiftKey: false }), 'g')
  assert.equal(latinKey({ key: '؟', code: 'Slash', shiftKey: true }), '?')
  assert.equal(latinKey({ key: 'g', code: 'KeyU', shiftKey: false }), 'g')
  assert.equal(latinKey({ key: 'Escape', code: 'Escape', shiftKey: false }), 'Escape')
})

test('a sequence waits for its second key and forgets what leads nowhere', () => {
  const known = ['/', 'g f', 'g c']
  assert.equal(readSequence(['g'], known), 'wait')
  assert.equal(readSequence(['g', 'c'], known), 'g c')
  assert.equal(readSequence(['g', 'x'], known), null)
})

test('the top of an axis is the next round number', () => {
  assert.deepEqual([0, 0.3, 7, 10, 412, 2400].map(roundUp), [1, 0.5, 10, 10, 500, 2500])
})

test('a cell without a figure is not zero', () => {
  assert.equal(figureOf(' 35,521 '), 35521)
  assert.equal(figureOf('\u200e\u22121,200.5'), -1200.5)
  assert.equal(figureOf(''), null)
  assert.equal(figureOf('n/a'), null)
})

test('a file is accepted by ending or type', () => {
  assert.equal(isAccepted('a.XLSX', '', '.xlsx,.csv'), true)
  assert.equal(isAccepted('a.exe', 'application/x', '.xlsx,.csv'), false)
  assert.equal(isAccepted('a', 'image/png', 'image/*'), true)
  assert.equal(sizeText(1536), '1.5 KiB')
  assert.equal(sizeText(0), '0 B')
})

test('map labels lose their vowel marks but keep their letters', () => {
  assert.equal(labelText('طريق صَلاح الدِّين'), 'طريق صلاح الدين')
  assert.equal(labelText('שָׁלוֹם'), 'שלום')
  assert.equal(nameIn({ en: 'Gate', ar: 'بوابة' }, 'ar'), 'بوابة')
  assert.equal(nameIn({ en: 'Gate' }, 'he'), 'Gate')
})

test('columns sort numbers as numbers and leave empty cells last', () => {
  const sorted = ['', '1,200', '30', '\u200e\u22125'].sort((a, b) => compareValues(a, b, 'en'))
  assert.deepEqual(sorted, ['\u200e\u22125', '30', '1,200', ''])
})

test('words keep a place that has no value', () => {
  assert.equal(fill('%a% of %b%', { a: 1 }), '1 of %b%')
})
