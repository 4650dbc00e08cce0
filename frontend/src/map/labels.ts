/** Names as a map label can draw them. */

/** Without harakat and tatweel, which the map's label engine sets apart from their letters; niqqud likewise. */
export function labelText(name: string): string {
  return name.normalize('NFC').replace(/[\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u0591-\u05bd\u05bf-\u05c7]/g, '')
}

/** A name in the page's language from one string or a name per language; English, then any, where it lacks. */
export function nameIn(names: unknown, language: string): string {
  if (typeof names === 'string') return names
  if (!names || typeof names !== 'object') return ''
  const known = names as Record<string, string>
  return known[language] ?? known.en ?? Object.values(known)[0] ?? ''
}
