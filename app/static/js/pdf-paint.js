// Coloured places in the text of documents, over as many pieces as the text is cut into; nothing of the page is changed for it.

const layers = new Map(); // name → Map(sheet → ranges)

/** Ranges over the pieces of a page's text layer for `[from, to)` in its folded text. */
export function range(divs, page, from, to) {
  if (to <= from || !page.items.length) return null;
  const first = divs[page.items[from]]?.firstChild, last = divs[page.items[to - 1]]?.firstChild;
  if (!first || !last) return null;
  const made = document.createRange();
  made.setStart(first, Math.min(page.offsets[from], first.length));
  made.setEnd(last, Math.min(page.offsets[to - 1] + 1, last.length));
  return made;
}

/** Puts these ranges in place of what was coloured under this name on this sheet. */
export function paint(name, sheet, ranges) {
  if (!CSS.highlights) return;
  const held = layers.get(name) ?? new Map();
  layers.set(name, held);
  if (ranges.length) held.set(sheet, ranges); else held.delete(sheet);
  for (const each of held.keys()) if (!each.isConnected) held.delete(each);
  const made = new Highlight(...Array.from(held.values()).flat());
  made.priority = name === "pdf-now" ? 3 : name === "pdf-hit" ? 2 : 1;
  CSS.highlights.set(name, made);
}
