/** Finds the words that the server wrote into the page in the reader's language (templates/_words.html). */

/** Put `values` into the places that the text marks with %name%. */
export function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/%(\w+)%/g, (whole, name: string) => String(values[name] ?? whole))
}

/** The text of one word, with its places filled; the name itself where the page lacks it. */
export function word(name: string, values: Record<string, string | number> = {}): string {
  const found = document.querySelector(`#words [data-word="${name}"]`)
  return fill(found?.textContent?.trim() || name, values)
}
