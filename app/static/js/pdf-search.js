// Words in a document: the text of its pages, read once and only when somebody looks for something, without spaces, in one width and one case.

/** `{text, items, offsets}`: the folded text, and for each of its characters the item and the place in it that it came from. */
export function fold(strings) {
  let text = "";
  const items = [], offsets = [];
  strings.forEach((string, item) => {
    for (let at = 0; at < string.length; at += 1) {
      if (/\s/.test(string[at])) continue;
      for (const character of string[at].normalize("NFKC").toLowerCase()) {
        text += character;
        for (let unit = 0; unit < character.length; unit += 1) { items.push(item); offsets.push(at); }
      }
    }
  });
  return { text, items, offsets };
}

export const folded = (words) => fold([words]).text;

export class Index {
  constructor(document) {
    this.document = document;
    this.pages = new Map();
  }

  async page(number) {
    if (!this.pages.has(number)) {
      const content = await (await this.document.getPage(number)).getTextContent();
      this.pages.set(number, fold(content.items.filter((item) => item.str !== undefined).map((item) => item.str)));
    }
    return this.pages.get(number);
  }

  /** Every place of the words, also where they run on to the next page: `{page, at, length, before, after}`. `goesOn` is asked between pages. */
  async find(words, goesOn = () => true) {
    const wanted = folded(words), found = [], starts = [0];
    if (!wanted) return found;
    let carried = "", from = 0; // the end of what was read, which may begin a word that goes on
    for (let number = 1; number <= this.document.numPages && goesOn(number); number += 1) {
      const { text } = await this.page(number);
      const hay = carried + text;
      starts.push(from + hay.length);
      for (let at = hay.indexOf(wanted); at >= 0; at = hay.indexOf(wanted, at + wanted.length)) {
        const place = from + at;
        const page = place < starts[number - 1] ? this.pageOf(starts, place) : number;
        found.push({ page, at: place - starts[page - 1], length: wanted.length, before: hay.slice(Math.max(0, at - 12), at), after: hay.slice(at + wanted.length, at + wanted.length + 16) });
      }
      const last = found.at(-1);
      const used = last ? starts[last.page - 1] + last.at + last.length : 0;
      const end = from + hay.length;
      const kept = Math.max(0, Math.min(wanted.length - 1, end - used));
      carried = kept ? hay.slice(-kept) : "";
      from = end - carried.length;
    }
    return found;
  }

  pageOf(starts, place) {
    let page = starts.length - 1;
    while (page > 1 && starts[page - 1] > place) page -= 1;
    return page;
  }
}

/** What of a hit lies on this page, as `[from, to)` in its folded text; null for none. */
export function within(hit, page, lengthOf) {
  if (hit.page === page) return [hit.at, Math.min(hit.at + hit.length, lengthOf(page))];
  if (hit.page === page - 1 && hit.at + hit.length > lengthOf(hit.page)) return [0, hit.at + hit.length - lengthOf(hit.page)];
  return null;
}
